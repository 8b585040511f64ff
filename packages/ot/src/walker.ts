import { type Component, type Insert, isRetain, type Operation, type Retain } from "./operation.js";

/** What is under a walker. Behind the end comes an endless retain of its own kind. */
export type Kind = 0 | 1 | 2 | 3 | 4;
export const INSERT = 0;
/** Keeps, and nothing else. */
export const RETAIN = 1;
/** A retain that does more than keep. */
export const CHANGE = 2;
export const DELETE = 3;
export const END = 4;

/**
 * Walks over an operation in normal form for the inner loops of `compose` and `transform`: the kind of a component is
 * found out once, and nothing is made for units that are only stepped over.
 */
export class Walker {
  readonly #operation: Operation;
  #index = -1;
  kind: Kind = END;
  /** Units of the component that are left; Infinity behind the end. */
  left = Number.POSITIVE_INFINITY;
  /** Units of it that were stepped over. */
  offset = 0;
  /** The component, whole; undefined behind the end. */
  part: Component | undefined;

  constructor(operation: Operation) {
    this.#operation = operation;
    this.next();
  }

  /** On to the next component. */
  next(): void {
    this.#index += 1;
    this.offset = 0;
    const part = this.#operation[this.#index];
    this.part = part;
    if (part === undefined) {
      this.kind = END;
      this.left = Number.POSITIVE_INFINITY;
    } else if ("retain" in part) {
      const plain = part.attributes === undefined && part.change === undefined && part.skipped === undefined;
      this.kind = plain ? RETAIN : CHANGE;
      this.left = part.retain;
    } else if ("insert" in part) {
      this.kind = INSERT;
      this.left = typeof part.insert === "string" ? part.insert.length : 1;
    } else {
      this.kind = DELETE;
      this.left = part.delete;
    }
  }

  /** Steps over `length` units of the component. */
  advance(length: number): void {
    if (length >= this.left) {
      this.next();
    } else {
      this.offset += length;
      this.left -= length;
    }
  }

  /** The next `length` units of the insert or retain, as one of their own; the walker stays. Not for a delete: a number says it. */
  cut(length: number): Insert | Retain {
    const part = this.part as Insert | Retain | undefined;
    if (part === undefined) return { retain: length };
    return this.offset === 0 && length === this.left ? part : cutComponent(part, this.offset, this.offset + length);
  }

  /** All inserts at this place; the walker moves behind them. */
  takeInserts(): readonly Insert[] {
    const block: Insert[] = [];
    for (; this.kind === INSERT; this.next()) block.push(this.part as Insert);
    return block;
  }
}

/** The units [from, to) of a component. */
function cutComponent(part: Insert | Retain, from: number, to: number): Insert | Retain {
  if (isRetain(part)) {
    if (part.skipped === undefined) return { ...part, retain: to - from };
    return { ...part, retain: to - from, skipped: { ...part.skipped, from: part.skipped.from + from } };
  }
  // Text: an embed is one unit and never cut.
  return { ...part, insert: (part.insert as string).slice(from, to) };
}
