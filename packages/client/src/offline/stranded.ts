import { compose, diff, type Operation, transform } from "@tutti/ot";
import { type ErrorData, TuttiError } from "@tutti/protocol";
import { reasonOf } from "../conflict/conflicts.js";
import type { ConflictGround } from "../conflict/open-conflict.js";
import type { Replica } from "../document/replica.js";
import type { DocumentHandle } from "../types.js";

/** Edits of an earlier tab that can't be delivered as they are. They stay stored until the person has chosen. */
export interface Stranded {
  readonly error: ErrorData;
  /** The conflict that they are in the document that is open now (C12). @param current its replica */
  groundIn(current: Replica, host: StrandedHost): ConflictGround;
}

/** What choosing what becomes of stranded edits does to the document that is open now. */
export interface StrandedHost {
  /** Makes an edit of the person. @throws TuttiError where none is taken */
  edit(operation: Operation): void;
  /** Resolves when that is durable on this device. */
  persisted(): Promise<void>;
  open(id: string): DocumentHandle;
}

/**
 * Edits that can't be delivered: merging makes them edits of the tab that is open now.
 * @param earlier as the tab left it that made them
 * @param discard the person does not need them any more. Never rejects
 */
export function strandedEdits(earlier: Replica, error: ErrorData, discard: () => Promise<void>): Stranded {
  return {
    error,
    groundIn(current, host) {
      const moved = (): Operation => movedTo(current, earlier);
      return {
        reason: error.message === FAR_APART.message ? "diverged" : reasonOf(error),
        error,
        mine: () => earlier.visible,
        comparison: () => ({ theirs: current.visible, merged: current.visible.apply(moved()) }),
        resolved(choice) {
          if (choice === "merge") host.edit(moved());
          // Only when they are stored here they are forgotten there.
          void host.persisted().then(discard);
        },
        open: (id) => host.open(id),
      };
    },
  };
}

/** Why edits of an earlier tab are stranded that the server would take. */
export const FAR_APART: ErrorData = new TuttiError(
  "unexpected_message",
  "what was written before and what is there now are too far apart",
).toData();

/** What is pending in `earlier`, as it applies to what is seen in `current`. */
function movedTo(current: Replica, earlier: Replica): Operation {
  const pending = earlier.pending.reduce((first, second) => compose(first, second), [] as Operation);
  const setting = current.identicalInserts;
  return transform(diff(earlier.base, current.visible), pending, "before", setting);
}
