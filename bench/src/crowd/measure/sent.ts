import type { DelayFigures } from "./delays.js";
import { Delays } from "./delays.js";

/** When the edits that became these versions were sent and acknowledged, and whose they are (the number of an editor). */
export interface SentEdits {
  readonly versions: Float64Array;
  readonly times: Float64Array;
  readonly acknowledged: Float64Array;
  readonly authors: Float64Array;
}

/** A stretch of time in which edits count. Those that were sent in it count wherever and whenever they arrive. */
export interface Window {
  readonly label: string;
  readonly from: number;
  readonly to: number;
}

/** By label; windows of one label count together. */
export type DelaysByLabel = Readonly<Record<string, DelayFigures>>;

interface Sent {
  readonly time: number;
  readonly author: number;
}

/** What all editors of all processes have sent, by version. */
export class SentTable {
  readonly #edits = new Map<number, Sent>();

  constructor(parts: readonly SentEdits[]) {
    for (const { versions, times, authors } of parts) {
      for (const [index, version] of versions.entries()) {
        this.#edits.set(version, { time: times[index] ?? 0, author: authors[index] ?? -1 });
      }
    }
  }

  of(version: number): Sent | undefined {
    return this.#edits.get(version);
  }
}

/** Delays of edits, each counted in the window in which it was sent. */
export class WindowedDelays {
  readonly #windows: readonly Window[];
  readonly #delays = new Map<string, Delays>();

  constructor(windows: readonly Window[]) {
    this.#windows = windows;
    for (const { label } of windows) this.#delays.set(label, new Delays());
  }

  add(sent: number, arrived: number): void {
    const label = labelAt(this.#windows, sent);
    if (label !== undefined) this.#delays.get(label)?.add(arrived - sent);
  }

  get figures(): DelaysByLabel {
    return Object.fromEntries([...this.#delays].map(([label, delays]) => [label, delays.figures]));
  }
}

/** From sending to the own acknowledgement. @param parts of all processes */
export function acknowledgements(parts: readonly SentEdits[], windows: readonly Window[]): DelaysByLabel {
  const delays = new WindowedDelays(windows);
  for (const { times, acknowledged } of parts) {
    for (const [index, sent] of times.entries()) delays.add(sent, acknowledged[index] ?? Number.NaN);
  }
  return delays.figures;
}

/**
 * The median of the p99s of the windows of each label: one moment in which the disk or the machine did something else
 * spoils one window, and what is compared are the others. @param parts of all processes
 */
export function typicalP99(parts: readonly SentEdits[], windows: readonly Window[]): Readonly<Record<string, number>> {
  const each = windows.map((window) => ({ ...window, label: String(window.from) }));
  const figures = acknowledgements(parts, each);
  const median = (label: string): number => {
    const found = windows.filter((window) => window.label === label).map(({ from }) => figures[String(from)]?.p99 ?? 0);
    const sorted = found.toSorted((a, b) => a - b);
    const middle = (sorted.length - 1) / 2;
    return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
  };
  return Object.fromEntries(windows.map(({ label }) => [label, median(label)]));
}

const labelAt = (windows: readonly Window[], time: number): string | undefined =>
  windows.find(({ from, to }) => from <= time && time < to)?.label;
