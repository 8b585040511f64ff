import type { Opened } from "@tutti/protocol";
import type { Replica } from "../document/replica.js";
import { type Trial, tooFarApart } from "./trial.js";

/** Repairs of a divergence in a row, after which the person is asked (C6). */
const MOST_REPAIRS = 5;

/** Decides whether both sides are merged by themselves, or the person is asked first (C6, C12). */
export class Judge {
  readonly #replica: Replica;
  readonly #conflictAbove: number;
  /** Divergences since a commit last was as it should be. */
  #repairs = 0;
  /** The person chose to merge: the next answer is taken, whatever it is. */
  #approved = false;

  /** @param conflictAbove characters that both sides may change in the same paragraphs */
  constructor(replica: Replica, conflictAbove: number) {
    this.#replica = replica;
    this.#conflictAbove = conflictAbove;
  }

  /** Repairing has not helped too many times in a row. */
  get despairs(): boolean {
    return this.#repairs > MOST_REPAIRS;
  }

  /**
   * @param overtaken see `Declines`
   * @param tryOut only called where it may be needed: it costs a merge
   * @returns what to ask the person about; undefined: merge
   */
  asks(message: Opened, overtaken: boolean, tryOut: () => Trial): Trial | undefined {
    if (this.#approved) return undefined;
    if (overtaken || this.#repairs >= MOST_REPAIRS) return tryOut();
    return tooFarApart(this.#replica.pending, message, this.#conflictAbove, tryOut);
  }

  diverged(): void {
    this.#repairs += 1;
  }

  /** A commit was as it should be. */
  agreed(): void {
    this.#repairs = 0;
  }

  /** Both sides are merged. */
  merged(): void {
    this.#approved = false;
  }

  /** The person chose. @param merge to merge what they were asked about */
  chosen(merge: boolean): void {
    this.#repairs = 0;
    this.#approved = merge;
  }
}
