/** The share of the newest interval in the average: about the last fifty count. */
const NEWEST = 0.02;

/** How fast people are really let in while some wait: slots that are promised faster than that could not be kept. */
export class Pace {
  readonly #fastest: number;
  #interval: number;
  #last: number | undefined;

  /** @param fastest milliseconds from one to the next, by the rules */
  constructor(fastest: number) {
    this.#fastest = fastest;
    this.#interval = fastest;
  }

  /** Milliseconds from one to the next, on average. */
  get interval(): number {
    return Math.max(this.#fastest, this.#interval);
  }

  /** Somebody was let in. */
  passed(now: number): void {
    if (this.#last !== undefined) this.#interval += (now - this.#last - this.#interval) * NEWEST;
    this.#last = now;
  }

  /** Nobody waits any more: what comes next says nothing of how fast it could be. */
  forget(): void {
    this.#last = undefined;
    this.#interval = this.#fastest;
  }
}
