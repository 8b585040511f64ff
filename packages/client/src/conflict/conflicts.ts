import { type Document, isNoop } from "@tutti/ot";
import type { ErrorData } from "@tutti/protocol";
import type { Replica } from "../document/replica.js";
import type { DocumentHandle } from "../types.js";
import type { Conflict, ConflictReason } from "./conflict.js";
import { type Choice, type Comparison, type ConflictGround, OpenConflict } from "./open-conflict.js";

export interface ConflictEvents {
  /** There is a conflict, or another one; undefined: it is over. */
  changed(conflict: Conflict | undefined): void;
  /** The person chose what becomes of the replica. */
  resolved(choice: Choice): void;
  open(id: string): DocumentHandle;
}

/**
 * The conflicts of a document (C12): one of its replica, and those of edits that earlier tabs left behind. One at a time
 * is shown, that of the replica first.
 */
export class Conflicts {
  readonly #replica: Replica;
  readonly #events: ConflictEvents;
  #own: OpenConflict | undefined;
  #others: readonly OpenConflict[] = [];
  #shown: OpenConflict | undefined;

  constructor(replica: Replica, events: ConflictEvents) {
    this.#replica = replica;
    this.#events = events;
  }

  get current(): Conflict | undefined {
    return this.#own ?? this.#others[0];
  }

  /** There is one of the replica. */
  get own(): boolean {
    return this.#own !== undefined;
  }

  /** Something of the person's would be lost with what is pending. */
  get atStake(): boolean {
    return !this.#replica.pending.every(isNoop);
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

  /** One that is not about the replica. */
  add(ground: ConflictGround): void {
    const conflict: OpenConflict = new OpenConflict({
      ...ground,
      resolved: (choice) => {
        ground.resolved(choice);
        this.#others = this.#others.filter((other) => other !== conflict);
        this.#show();
      },
    });
    this.#others = [...this.#others, conflict];
    this.#show();
  }

  /** What the replica's was about has mended itself. */
  settle(): void {
    this.#own?.supersede();
    this.#own = undefined;
    this.#show();
  }

  /** Nobody can choose any more. */
  end(): void {
    for (const conflict of this.#others) conflict.supersede();
    this.#others = [];
    this.settle();
  }

  /** What others do still comes in, so what is seen is the merge. */
  #asItIs(): Comparison {
    return { theirs: this.#replica.base, merged: this.#replica.visible };
  }

  #arise(reason: ConflictReason, error: ErrorData | undefined, comparison: () => Comparison | undefined): boolean {
    if (!this.atStake) return false;
    this.#own?.supersede();
    this.#own = new OpenConflict({
      reason,
      error,
      mine: (): Document => this.#replica.visible,
      comparison,
      resolved: (choice) => {
        this.#own = undefined;
        this.#events.resolved(choice);
        this.#show();
      },
      open: (id) => this.#events.open(id),
    });
    this.#show();
    return true;
  }

  #show(): void {
    const current = this.#own ?? this.#others[0];
    if (current === this.#shown) return;
    this.#shown = current;
    this.#events.changed(current);
  }
}

/** What the server's refusal makes of edits that it does not take. */
export function reasonOf({ code }: ErrorData): ConflictReason {
  if (code === "not_found") return "deleted";
  return code === "forbidden" ? "revoked" : "refused";
}
