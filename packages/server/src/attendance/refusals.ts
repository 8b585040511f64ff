/** Who was refused a place, and until when they may not ask again. It outlives the connections of whom it concerns. */
export class Refusals {
  readonly #length: number;
  /** Until when (milliseconds); the first to end first, for all are equally long. */
  readonly #until = new Map<string, number>();

  /** @param length of each, in milliseconds */
  constructor(length: number) {
    this.#length = length;
  }

  get size(): number {
    return this.#until.size;
  }

  /** When the next one ends. */
  get deadline(): number | undefined {
    const [first] = this.#until.values();
    return first;
  }

  has(id: string): boolean {
    return this.#until.has(id);
  }

  /** Whole milliseconds, as people are told; 0: not refused. */
  remaining(id: string, now: number): number {
    return Math.max(0, Math.ceil((this.#until.get(id) ?? now) - now));
  }

  add(id: string, now: number): void {
    this.#until.delete(id);
    this.#until.set(id, now + this.#length);
  }

  forget(id: string): void {
    this.#until.delete(id);
  }

  /** Ends what is over. @returns of whom */
  expire(now: number): readonly string[] {
    const over: string[] = [];
    for (const [id, until] of this.#until) {
      if (until > now) break;
      over.push(id);
    }
    for (const id of over) this.#until.delete(id);
    return over;
  }
}
