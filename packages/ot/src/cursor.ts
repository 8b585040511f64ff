import {
  type Component,
  componentLength,
  type Insert,
  isDelete,
  isInsert,
  isRetain,
  type Operation,
} from "./operation.js";

/** Walks over an operation and hands out its components, whole or cut; behind the end comes an endless retain. */
export class OperationCursor {
  readonly #operation: Operation;
  #index = 0;
  #offset = 0;

  constructor(operation: Operation) {
    this.#operation = operation;
  }

  get done(): boolean {
    return this.#index >= this.#operation.length;
  }

  get atInsert(): boolean {
    const part = this.#operation[this.#index];
    return part !== undefined && isInsert(part);
  }

  /** The component under the cursor, uncut; undefined behind the end. */
  peek(): Component | undefined {
    return this.#operation[this.#index];
  }

  /** What is left of the component under the cursor, in units; Infinity behind the end. */
  remaining(): number {
    const part = this.peek();
    return part === undefined ? Number.POSITIVE_INFINITY : componentLength(part) - this.#offset;
  }

  /** Hands out at most `length` units of the current component and moves on. */
  take(length: number): Component {
    const part = this.peek();
    if (part === undefined) return { retain: length };
    const start = this.#offset;
    const whole = length >= this.remaining();
    if (whole) {
      this.#index += 1;
      this.#offset = 0;
    } else {
      this.#offset += length;
    }
    return start === 0 && whole ? part : cut(part, start, whole ? componentLength(part) : start + length);
  }

  /** Hands out all inserts at this place and moves behind them; the list is empty where there is none. */
  takeInserts(): readonly Insert[] {
    const block: Insert[] = [];
    for (let part = this.peek(); part !== undefined && isInsert(part); part = this.peek()) {
      block.push(this.take(Number.POSITIVE_INFINITY) as Insert);
    }
    return block;
  }
}

function cut(part: Component, from: number, to: number): Component {
  if (isDelete(part)) return { delete: to - from };
  if (isRetain(part)) {
    if (part.skipped === undefined) return { ...part, retain: to - from };
    return { ...part, retain: to - from, skipped: { ...part.skipped, from: part.skipped.from + from } };
  }
  // Text: an embed is one unit and never cut.
  return { ...part, insert: (part.insert as string).slice(from, to) };
}
