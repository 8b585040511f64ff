const FIRST = 1_024;

/** A growing list of numbers without an object for each. */
export class Column {
  #values = new Float64Array(FIRST);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  get length(): number {
    return this.#length;
  }

  at(index: number): number {
    return this.#values[index] ?? Number.NaN;
  }

  /** A copy, without what is not used yet. */
  get values(): Float64Array {
    return this.#values.slice(0, this.#length);
  }
}
