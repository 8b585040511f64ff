/** So many at the pace of the rules are taken for seen at the beginning: a first stall says little. */
const EXPECTED = 100;
/**
 * The slowest pace that is believed, as a multiple of the interval of the rules. Slots that are promised too late are time
 * in which nobody comes in; those that are promised too early only make a line.
 */
const SLOWEST = 1.5;

/** How fast people are really let in while some wait: slots that are promised much faster than that could not be kept. */
export class Pace {
  readonly #fastest: number;
  #since: number | undefined;
  #last = 0;
  #count = 0;

  /** @param fastest milliseconds from one to the next, by the rules */
  constructor(fastest: number) {
    this.#fastest = fastest;
  }

  /** Milliseconds from one to the next, on average. */
  get interval(): number {
    if (this.#since === undefined) return this.#fastest;
    const seen = (this.#last - this.#since + EXPECTED * this.#fastest) / (this.#count + EXPECTED);
    return Math.min(Math.max(this.#fastest, seen), this.#fastest * SLOWEST);
  }

  /** Somebody was let in. */
  passed(now: number): void {
    if (this.#since === undefined) this.#since = now;
    else this.#count += 1;
    this.#last = now;
  }

  /** Nobody waits any more: what comes next says nothing of how fast it could be. */
  forget(): void {
    this.#since = undefined;
    this.#count = 0;
  }
}
