import { compose, diff, type Operation, transform } from "@tutti/ot";
import { type ErrorData, TuttiError } from "@tutti/protocol";
import type { Replica } from "../document/replica.js";
import type { DocumentHandle } from "../types.js";
import { reasonOf } from "./conflicts.js";
import type { ConflictGround } from "./open-conflict.js";

/** Edits of an earlier tab that can't be delivered as they are. They stay stored until `discard` is called. */
export interface Stranded {
  /** As that tab left it. */
  readonly replica: Replica;
  readonly error: ErrorData;
  /** The person does not need them any more. Never rejects. */
  discard(): Promise<void>;
}

/** What choosing what becomes of stranded edits does to the document that is open now. */
export interface StrandedHost {
  /** Makes an edit of the person. @throws TuttiError where none is taken */
  edit(operation: Operation): void;
  /** Resolves when that is durable on this device. */
  persisted(): Promise<void>;
  open(id: string): DocumentHandle;
}

/** A conflict of stranded edits: merging makes them edits of this tab (C12). @param current the replica of this tab */
export function groundOf({ replica, error, discard }: Stranded, current: Replica, host: StrandedHost): ConflictGround {
  const moved = (): Operation => movedTo(current, replica);
  return {
    reason: error.code === FAR_APART.code && error.message === FAR_APART.message ? "diverged" : reasonOf(error),
    error,
    mine: () => replica.visible,
    comparison: () => ({ theirs: current.visible, merged: current.visible.apply(moved()) }),
    resolved: (choice) => {
      if (choice === "merge") host.edit(moved());
      // Only when they are stored here they are forgotten there.
      void host.persisted().then(discard);
    },
    open: (id) => host.open(id),
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
