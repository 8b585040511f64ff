/** Samples in milliseconds, and their percentiles. */
export class Latencies {
  readonly #samples: number[] = [];

  add(milliseconds: number): void {
    this.#samples.push(milliseconds);
  }

  get count(): number {
    return this.#samples.length;
  }

  /** The sample that this share (0 to 1) of all samples does not exceed; undefined without samples. */
  percentile(share: number): number | undefined {
    const sorted = this.#samples.toSorted((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  }

  /** For people: "p50 1.2 ms · p99 8.0 ms · max 20.1 ms (1,234 samples)". */
  describe(): string {
    if (this.count === 0) return "no samples";
    const show = (share: number): string => `${(this.percentile(share) ?? 0).toFixed(1)} ms`;
    return `p50 ${show(0.5)} · p99 ${show(0.99)} · max ${show(1)} (${grouped(this.count)} samples)`;
  }
}

/** 1234567 as "1,234,567". */
export const grouped = (value: number): string => Math.round(value).toLocaleString("en-GB");

/** "12.3 MB", "4.5 kB", "67 B". */
export function byteSize(bytes: number): string {
  if (Math.abs(bytes) >= 1e6) return `${(bytes / 1e6).toFixed(2)} MB`;
  return Math.abs(bytes) >= 1e3 ? `${(bytes / 1e3).toFixed(1)} kB` : `${bytes} B`;
}

export interface Difference {
  /** In UTF-16 units. */
  readonly index: number;
  readonly expected: string;
  readonly found: string;
}

/** Where two texts differ first, with a little of what follows; undefined when they are equal. */
export function firstDifference(expected: string, found: string): Difference | undefined {
  if (expected === found) return undefined;
  let index = 0;
  while (index < expected.length && expected[index] === found[index]) index += 1;
  const excerpt = (text: string): string => JSON.stringify(text.slice(Math.max(0, index - 20), index + 40));
  return { index, expected: excerpt(expected), found: excerpt(found) };
}
