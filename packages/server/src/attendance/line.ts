/**
 * Those who wait for a place: first come, first served, but whoever was granted one comes before all who were not.
 */
export class Line<T> {
  readonly #granted = new Set<T>();
  readonly #others = new Set<T>();

  get size(): number {
    return this.#granted.size + this.#others.size;
  }

  has(one: T): boolean {
    return this.#granted.has(one) || this.#others.has(one);
  }

  isGranted(one: T): boolean {
    return this.#granted.has(one);
  }

  /** To the end; who waits already keeps their turn. */
  add(one: T): void {
    if (!this.has(one)) this.#others.add(one);
  }

  /** Before all who were not granted a place. Nothing happens to somebody who does not wait. */
  grant(one: T): void {
    if (this.#others.delete(one)) this.#granted.add(one);
  }

  remove(one: T): boolean {
    return this.#granted.delete(one) || this.#others.delete(one);
  }

  /** In the order in which they get their places; a copy. */
  inOrder(): readonly T[] {
    return [...this.#granted, ...this.#others];
  }

  /** Those who were granted a place, in order; a copy. */
  granted(): readonly T[] {
    return [...this.#granted];
  }
}
