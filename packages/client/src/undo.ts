import {
  componentLength,
  EMPTY_UNDO_HISTORY,
  isDelete,
  isInsert,
  isRetain,
  type Operation,
  putStep,
  rebaseHistory,
  recordEdit,
  takeStep,
  transformPosition,
  type UndoHistory,
} from "@tutti/ot";
import type { EditOptions } from "./types.js";

/** Typing goes on as one undo step while the pauses are no longer than this (ms). */
const GROUPING_PAUSE = 500;

/** The last recorded edit, while it is still the newest step: what a next edit may join. */
interface Group {
  readonly kind: "insert" | "delete" | "other";
  /** Where the edit ended: where the next letter or backspace continues it. */
  readonly position: number;
  readonly time: number;
}

/** The person's own steps, each of them one undo (C7). Decides which edits are one step; @tutti/ot moves them. */
export class Undo {
  #history: UndoHistory = EMPTY_UNDO_HISTORY;
  #group: Group | undefined;

  get canUndo(): boolean {
    return this.#history.undo.length > 0;
  }

  get canRedo(): boolean {
    return this.#history.redo.length > 0;
  }

  /**
   * Remembers a local edit.
   * @param inverse what takes it back
   * @param now in milliseconds
   */
  record(operation: Operation, inverse: Operation, mode: EditOptions["undo"], now: number): void {
    const next = groupOf(operation, now);
    const joins = mode === undefined ? joinsByTimeAndPlace(this.#group, operation, now) : mode === "merge";
    this.#history = recordEdit(this.#history, inverse, joins && this.#group !== undefined);
    this.#group = next;
  }

  /** Moves all steps over somebody else's operation, as it was applied to what the person sees. */
  rebase(remote: Operation): void {
    this.#history = rebaseHistory(this.#history, remote);
    if (this.#group === undefined) return;
    this.#group = { ...this.#group, position: transformPosition(remote, this.#group.position, "left") };
  }

  /**
   * Takes the newest step from its stack and puts its opposite on the other one.
   * @param invert what takes an operation on the current text back
   * @returns what to apply; undefined where there is nothing to undo (or redo)
   */
  step(kind: "undo" | "redo", invert: (operation: Operation) => Operation): Operation | undefined {
    const step = takeStep(this.#history, kind);
    if (step === undefined) {
      // Whatever there was, others have left nothing of it.
      this.#history = { ...this.#history, [kind]: [] };
      return undefined;
    }
    this.#history = putStep(step.rest, kind === "undo" ? "redo" : "undo", invert(step.operation));
    this.#group = undefined;
    return step.operation;
  }
}

function groupOf(operation: Operation, time: number): Group {
  const edit = simpleEdit(operation);
  if (edit === undefined) return { kind: "other", position: 0, time };
  return { kind: edit.kind, position: edit.kind === "insert" ? edit.start + edit.length : edit.start, time };
}

function joinsByTimeAndPlace(group: Group | undefined, operation: Operation, now: number): boolean {
  const edit = simpleEdit(operation);
  if (group === undefined || edit?.kind !== group.kind || now - group.time > GROUPING_PAUSE) return false;
  const backspace = edit.kind === "delete" && edit.start + edit.length === group.position;
  return backspace || edit.start === group.position;
}

/** An edit that only inserts, or only deletes, at one place: typing, backspace, delete. */
function simpleEdit(operation: Operation) {
  const [first, second, third] = operation;
  const skips = first !== undefined && isRetain(first) && first.attributes === undefined;
  const part = skips ? second : first;
  if (part === undefined || isRetain(part) || (skips ? third : second) !== undefined) return undefined;
  const start = skips ? first.retain : 0;
  const kind = isInsert(part) ? ("insert" as const) : ("delete" as const);
  return { kind, start, length: isDelete(part) ? part.delete : componentLength(part) };
}
