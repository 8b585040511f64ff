import { type Document, isNoop } from "@tutti/ot";
import type { ErrorData } from "@tutti/protocol";
import type { Replica } from "../document/replica.js";
import type { DocumentHandle } from "../types.js";
import type { Conflict, ConflictReason } from "./conflict.js";
import { type Comparison, OpenConflict } from "./open-conflict.js";

export interface ConflictEvents {
  /** There is a conflict, or another one; undefined: it is over. */
  changed(conflict: Conflict | undefined): void;
  resolved(choice: "merge" | "discard"): void;
  open(id: string): DocumentHandle;
}

/** The conflict of a document, where there is one: at most one at a time (C12). */
export class Conflicts {
  readonly #replica: Replica;
  readonly #events: ConflictEvents;
  #current: OpenConflict | undefined;

  constructor(replica: Replica, events: ConflictEvents) {
    this.#replica = replica;
    this.#events = events;
  }

  get current(): Conflict | undefined {
    return this.#current;
  }

  /** The server takes nothing more, but tells what others do: a conflict, where text of the person's is at stake. */
  refused(error: ErrorData): void {
    this.#arise(reasonOf(error), error, () => this.#asItIs());
  }

  /** The document can't be had any more: likewise. */
  closed(error: ErrorData): void {
    this.#arise(reasonOf(error), error, () => undefined);
  }

  /**
   * Both sides are too far apart.
   * @param comparison undefined: the server's text can't be had
   * @param error why, where it is more than the distance
   * @returns false: nothing of the person's is at stake, so there is no conflict
   */
  diverged(comparison: Comparison | undefined, error?: ErrorData): boolean {
    return this.#arise("diverged", error, () => comparison);
  }

  /** Nobody can choose any more. */
  end(): void {
    const before = this.#current;
    this.#current = undefined;
    before?.supersede();
    if (before !== undefined) this.#events.changed(undefined);
  }

  /** What others do still comes in, so what is seen is the merge. */
  #asItIs(): Comparison {
    return { theirs: this.#replica.base, merged: this.#replica.visible };
  }

  #arise(reason: ConflictReason, error: ErrorData | undefined, comparison: () => Comparison | undefined): boolean {
    if (this.#replica.pending.every(isNoop)) return false;
    this.#current?.supersede();
    this.#current = new OpenConflict({
      reason,
      error,
      mine: (): Document => this.#replica.visible,
      comparison,
      resolved: (choice) => {
        this.#current = undefined;
        this.#events.resolved(choice);
        this.#events.changed(undefined);
      },
      open: (id) => this.#events.open(id),
    });
    this.#events.changed(this.#current);
    return true;
  }
}

function reasonOf({ code }: ErrorData): ConflictReason {
  if (code === "not_found") return "deleted";
  return code === "forbidden" ? "revoked" : "refused";
}
