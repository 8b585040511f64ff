import type { Random } from "@tutti/protocol";

const FIRST = 1000;
const LONGEST = 60_000;
/** Every delay is drawn evenly from ± this share, so that clients which were cut off together come back spread out. */
const JITTER = 0.25;

/** How long to wait before the next attempt: 1, 2, 4 … 60 seconds, ± 25 % (C4). */
export class Backoff {
  readonly #random: Random;
  #attempts = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /**
   * Counts an attempt.
   * @param atLeast what the server asked for (ms)
   * @returns milliseconds
   */
  next(atLeast = 0): number {
    const delay = Math.min(FIRST * 2 ** this.#attempts, LONGEST);
    this.#attempts += 1;
    return Math.max(atLeast, delay * (1 - JITTER + this.#random.next() * 2 * JITTER));
  }

  /** After a success: the next delay is the first one again. */
  reset(): void {
    this.#attempts = 0;
  }
}
