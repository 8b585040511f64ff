/** The summary of some delays, in milliseconds; all zero where nothing was counted. */
export interface DelayFigures {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Buckets for each millisecond, and the milliseconds beyond which everything falls into the last one. */
const RESOLUTION = 20;
const LONGEST = 60_000;

/** Millions of delays in a little memory: exact to 0.05 ms, the longest one exactly. */
export class Delays {
  readonly #buckets = new Uint32Array(LONGEST * RESOLUTION + 1);
  #count = 0;
  #longest = 0;

  /** @param milliseconds clocks of one machine agree, so less than nothing is nothing */
  add(milliseconds: number): void {
    const bucket = Math.min(Math.max(0, Math.round(milliseconds * RESOLUTION)), LONGEST * RESOLUTION);
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
    this.#count += 1;
    this.#longest = Math.max(this.#longest, milliseconds);
  }

  get figures(): DelayFigures {
    return { count: this.#count, p50: this.#percentile(0.5), p99: this.#percentile(0.99), max: this.#longest };
  }

  /** The delay that this share (0 to 1) of all does not exceed. */
  #percentile(share: number): number {
    let left = Math.ceil(share * this.#count);
    for (const [bucket, count] of this.#buckets.entries()) {
      left -= count;
      if (left <= 0) return Math.min(bucket / RESOLUTION, this.#longest);
    }
    return this.#longest;
  }
}
