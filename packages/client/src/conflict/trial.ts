import { compose, type Document, type Operation } from "@tutti/ot";
import type { Opened } from "@tutti/protocol";
import { overlapOf, volumeOf } from "./overlap.js";

/** What became of both sides when they were merged on trial. */
export interface Trial {
  /** What was pending, in order: it led to `visible`. */
  readonly mine: readonly Operation[];
  readonly visible: Document;
  /** What the merge does to `visible`. */
  readonly changes: Operation;
  readonly theirs: Document;
  readonly merged: Document;
}

/**
 * Whether both sides changed more than `most` characters of the same paragraphs while they were apart (C12).
 * @param tryOut only called where they may have: it costs a merge
 */
export function tooFarApart(
  mine: readonly Operation[],
  message: Opened,
  most: number,
  tryOut: () => Trial,
): Trial | undefined {
  if (volumes(mine) <= most || (message.content === undefined && volumeOfChanges(message) <= most)) return undefined;
  const trial = tryOut();
  const pending = trial.mine.reduce((first, second) => compose(first, second), []);
  return overlapOf(trial.visible, pending, trial.changes) > most ? trial : undefined;
}

const volumes = (operations: readonly Operation[]): number =>
  operations.reduce((sum, operation) => sum + volumeOf(operation), 0);

const volumeOfChanges = ({ changes = [] }: Opened): number => volumes(changes.map(({ operation }) => operation ?? []));
