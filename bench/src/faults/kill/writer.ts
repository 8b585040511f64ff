import type { DocumentHandle } from "@tutti/client";
import type { SeededRandom } from "@tutti/testkit";
import { tokenOf } from "./tokens.js";

/** Tokens typed at most before their author waits for the acknowledgement. */
const LONGEST_BURST = 4;
const pauseOf = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Types token after token: at the end, at the start, or between two tokens of anybody. */
export class Writer {
  readonly number: number;
  readonly handle: DocumentHandle;
  readonly #random: SeededRandom;
  readonly #acknowledged: (upTo: number) => void;
  #typed = 0;
  #stopped = false;

  constructor(number: number, handle: DocumentHandle, random: SeededRandom, acknowledged: (upTo: number) => void) {
    this.number = number;
    this.handle = handle;
    this.#random = random;
    this.#acknowledged = acknowledged;
  }

  /** Writes until `stop`. Resolves when everything is saved; rejects when something never will be. */
  async write(longestPause: number): Promise<void> {
    await this.handle.ready;
    while (!this.#stopped) {
      for (let left = this.#random.between(1, LONGEST_BURST); left > 0; left -= 1) this.#type();
      await this.handle.saved();
      this.#acknowledged(this.#typed);
      await pauseOf(this.#random.integer(longestPause + 1));
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  #type(): void {
    this.#typed += 1;
    this.handle.insert(this.#place(), tokenOf(this.number, this.#typed));
  }

  #place(): number {
    if (this.#random.chance(0.6)) return this.handle.length;
    if (this.#random.chance(0.5)) return 0;
    const text = this.handle.text();
    // Behind the end of some token: the index of no semicolon is -1.
    return text.indexOf(";", this.#random.integer(text.length)) + 1;
  }
}
