import { compose } from "./compose.js";
import type { Operation } from "./operation.js";

/** A stretch of history as one operation: it leads from version `from` to version `to`. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly operation: Operation;
}

/**
 * Of the levels that nobody asked for, every fourth keeps its composition. With all of them, history of n scattered
 * edits would take n log n memory; with these, composing a span that was never asked for costs at most four levels.
 */
const KEPT_LEVELS = 4;

/**
 * 2^k operations of history, aligned: `from` is a multiple of 2^k. A node of a binary tree whose leaves are single
 * operations, or larger spans whose detail was dropped. A value: the composition is found when it is asked for first,
 * once, and shared by every version of the history that holds the node.
 */
export class Span implements Piece {
  readonly from: number;
  readonly to: number;
  /** Both halves, or neither: then the composition is all that is left. */
  readonly halves: readonly [Span, Span] | undefined;
  #operation: Operation | undefined;

  private constructor(from: number, to: number, halves: readonly [Span, Span] | undefined, operation?: Operation) {
    this.from = from;
    this.to = to;
    this.halves = halves;
    this.#operation = operation;
  }

  static leaf({ from, to, operation }: Piece): Span {
    return new Span(from, to, undefined, operation);
  }

  static join(left: Span, right: Span): Span {
    return new Span(left.from, right.to, [left, right]);
  }

  get length(): number {
    return this.to - this.from;
  }

  /** The composition where it is known already. */
  get known(): Operation | undefined {
    return this.#operation;
  }

  /** The composition; O(1) from the second time on. */
  get operation(): Operation {
    this.#operation ??= this.#compose();
    return this.#operation;
  }

  /** The same span that knows its composition: for what was stored. */
  knowing(operation: Operation): Span {
    return new Span(this.from, this.to, this.halves, operation);
  }

  /** The same span with other halves, which hold the same history in less detail. */
  withHalves(halves: readonly [Span, Span]): Span {
    return new Span(this.from, this.to, halves, this.#operation);
  }

  /** The same span without detail. */
  closed(): Span {
    return this.halves === undefined ? this : new Span(this.from, this.to, undefined, this.operation);
  }

  #compose(): Operation {
    // A span has a composition or halves.
    if (this.halves === undefined) return [];
    const [left, right] = this.halves;
    return compose(left.#passing(), right.#passing());
  }

  /** The composition on the way to a larger one: kept on some levels only. */
  #passing(): Operation {
    if (this.#operation !== undefined) return this.#operation;
    const kept = Math.log2(this.length) % KEPT_LEVELS === 0;
    return kept ? this.operation : this.#compose();
  }
}
