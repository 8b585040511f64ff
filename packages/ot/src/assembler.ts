import { knownNormal } from "./normal-form.js";
import { type Component, type Insert, isInsert, merge, type Operation, type Retain } from "./operation.js";

/**
 * Builds an operation in normal form from components in normal form, for the inner loops of `compose` and `transform`:
 * plain retains and deletes are numbers until they are known to be whole, and a component that comes and stays whole is
 * shared, not copied.
 *
 * What is held back stands in this order behind what is written: a plain retain, or else an insert or a retain that
 * changes something, and a delete.
 */
export class Assembler {
  readonly #parts: Component[] = [];
  #retain = 0;
  #held: Component | undefined;
  #delete = 0;

  /** Keeps `length` units. */
  retain(length: number): void {
    if (this.#held !== undefined || this.#delete > 0) this.#flush();
    this.#retain += length;
  }

  /** Removes `length` units. */
  delete(length: number): void {
    if (this.#retain > 0) this.#flush();
    this.#delete += length;
  }

  /** Content goes in front of what is deleted at the same place. */
  insert(part: Insert): void {
    this.#hold(part);
  }

  /** An insert or a retain, whatever it says. */
  push(part: Insert | Retain): void {
    if (isInsert(part)) {
      this.#hold(part);
      return;
    }
    if (part.attributes === undefined && part.change === undefined && part.skipped === undefined) {
      this.retain(part.retain);
      return;
    }
    if (this.#delete > 0) this.#flush();
    this.#hold(part);
  }

  /** What was built; nothing may be added afterwards. */
  build(): Operation {
    // A plain retain at the end says nothing.
    this.#retain = 0;
    this.#flush();
    return knownNormal(this.#parts);
  }

  #hold(part: Insert | Retain): void {
    const held = this.#held;
    if (held !== undefined) {
      const merged = merge(held, part);
      if (merged !== undefined) {
        this.#held = merged;
        return;
      }
      this.#parts.push(held);
    } else if (this.#retain > 0) {
      this.#parts.push({ retain: this.#retain });
      this.#retain = 0;
    }
    this.#held = part;
  }

  #flush(): void {
    if (this.#retain > 0) {
      this.#parts.push({ retain: this.#retain });
      this.#retain = 0;
    }
    if (this.#held !== undefined) {
      this.#parts.push(this.#held);
      this.#held = undefined;
    }
    if (this.#delete > 0) {
      this.#parts.push({ delete: this.#delete });
      this.#delete = 0;
    }
  }
}
