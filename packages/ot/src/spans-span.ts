import { composeNormal } from "./compose.js";
import type { EmbedTypes } from "./embed-types.js";
import { normalForm } from "./normal-form.js";
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

/** The two spans of half the length, and what it takes to compose them. */
export interface Halves {
  readonly left: Span;
  readonly right: Span;
  readonly embeds: EmbedTypes;
}

/**
 * 2^k operations of history, aligned: `from` is a multiple of 2^k. A node of a binary tree whose leaves are single
 * operations, or larger spans whose detail was dropped. A value: the composition is found when it is asked for first,
 * once, and shared by every version of the history that holds the node.
 */
export class Span implements Piece {
  readonly from: number;
  readonly to: number;
  /** Undefined where there is no detail: then the composition is all that is left. */
  readonly halves: Halves | undefined;
  #operation: Operation | undefined;

  private constructor(from: number, to: number, halves: Halves | undefined, operation: Operation | undefined) {
    this.from = from;
    this.to = to;
    this.halves = halves;
    this.#operation = operation;
  }

  static leaf({ from, to, operation }: Piece): Span {
    return new Span(from, to, undefined, normalForm(operation));
  }

  /** @param embeds the kinds of embeds that are edited inside */
  static join(left: Span, right: Span, embeds: EmbedTypes): Span {
    return new Span(left.from, right.to, { left, right, embeds }, undefined);
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
    return new Span(this.from, this.to, this.halves, normalForm(operation));
  }

  /** The same span with other halves, which hold the same history in less detail. */
  withHalves(halves: Halves): Span {
    return new Span(this.from, this.to, halves, this.#operation);
  }

  /** The same span without detail. */
  closed(): Span {
    return this.halves === undefined ? this : new Span(this.from, this.to, undefined, this.operation);
  }

  #compose(): Operation {
    // A span without halves was made with its operation.
    const { left, right, embeds } = this.halves as Halves;
    return composeNormal(left.#passing(), right.#passing(), embeds);
  }

  /** The composition on the way to a larger one: kept on some levels only. */
  #passing(): Operation {
    if (this.#operation !== undefined) return this.#operation;
    const kept = Math.log2(this.length) % KEPT_LEVELS === 0;
    return kept ? this.operation : this.#compose();
  }
}
