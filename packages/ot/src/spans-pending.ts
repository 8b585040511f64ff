import { composeNormal } from "./compose.js";
import type { EmbedTypes } from "./embed-types.js";
import { normalForm } from "./normal-form.js";
import { isNoop, lengthDifference, type Operation } from "./operation.js";

/**
 * Consecutive operations that are one in the end: a binary counter of compositions. Composing each keystroke onto all
 * that came before costs the square of their number where they are scattered; here n of them cost O(n log n).
 *
 * A value, newest segment first; the composition is found when it is asked for, and kept.
 */
export class Pending {
  readonly #operation: Operation;
  /** Operations in this segment alone. */
  readonly #count: number;
  readonly #older: Pending | undefined;
  /** Units that all segments add together. */
  readonly #growth: number;
  readonly #embeds: EmbedTypes;
  #whole: Operation | undefined;

  private constructor(operation: Operation, count: number, older: Pending | undefined, embeds: EmbedTypes) {
    this.#embeds = embeds;
    this.#operation = operation;
    this.#count = count;
    this.#older = older;
    this.#growth = (older === undefined ? 0 : older.#growth) + lengthDifference(operation);
  }

  /** @param embeds the kinds of embeds that are edited inside */
  static of(operation: Operation, embeds: EmbedTypes): Pending {
    return new Pending(normalForm(operation), 1, undefined, embeds);
  }

  /** With one more, which is in normal form. Amortised O(log n) compositions for n operations. */
  append(operation: Operation): Pending {
    let added = operation;
    let count = 1;
    let older: Pending | undefined = this;
    while (older !== undefined && older.#count <= count) {
      added = composeNormal(older.#operation, added, this.#embeds);
      count += older.#count;
      older = older.#older;
    }
    return new Pending(added, count, older, this.#embeds);
  }

  /** All of them as one. */
  get whole(): Operation {
    if (this.#whole !== undefined) return this.#whole;
    let whole = this.#operation;
    for (let older = this.#older; older !== undefined; older = older.#older) {
      whole = composeNormal(older.#operation, whole, this.#embeds);
    }
    this.#whole = whole;
    return whole;
  }

  /**
   * Whether they cancel each other. What makes a document longer or shorter doesn't; only where lengths come out even
   * is the composition needed to know.
   */
  get cancels(): boolean {
    return this.#growth === 0 && isNoop(this.whole);
  }
}
