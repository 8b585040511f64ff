import { TuttiError } from "@tutti/protocol";
import type { Protection } from "./defaults.js";

type Rules = Pick<Protection, "storageQueue" | "queuedBytes" | "retryAfter">;

/** Counts what is not durable yet, of all documents: operations and their bytes (S7, S12). */
export class QueueBudget {
  readonly #rules: Rules;
  #operations = 0;
  #bytes = 0;

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  get operations(): number {
    return this.#operations;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @throws TuttiError `overloaded`; nothing is counted then */
  take(bytes: number): void {
    const full = this.#operations >= this.#rules.storageQueue || this.#bytes >= this.#rules.queuedBytes;
    if (full) throw new TuttiError("overloaded", "storage is behind; send it again", this.#rules.retryAfter);
    this.#operations += 1;
    this.#bytes += bytes;
  }

  give(bytes: number): void {
    this.#operations -= 1;
    this.#bytes -= bytes;
  }
}
