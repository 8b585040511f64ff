import type { Cancel } from "@tutti/protocol";

/**
 * Those who wait, in a line per person; the lines are served in rotation, so that nobody stands behind everything that
 * somebody else wants.
 */
export class FairLine<T> {
  /** In the order of rotation: the first line is served next. In a line, the first is served first. */
  readonly #lines = new Map<string, Set<{ readonly item: T }>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @returns to be called when it does not wait any more; afterwards, and once it was served, that changes nothing */
  add(person: string, item: T): Cancel {
    const line = this.#lines.get(person) ?? new Set();
    this.#lines.set(person, line);
    const place = { item };
    line.add(place);
    this.#size += 1;
    return () => {
      if (!line.delete(place)) return;
      this.#size -= 1;
      if (line.size === 0 && this.#lines.get(person) === line) this.#lines.delete(person);
    };
  }

  /** Who is served next; undefined: nobody waits. */
  get next(): T | undefined {
    for (const line of this.#lines.values()) for (const { item } of line) return item;
    return undefined;
  }

  /** Serves the first of the first line, and puts that line behind all others; undefined: nobody waits. */
  take(): T | undefined {
    for (const [person, line] of this.#lines) {
      this.#lines.delete(person);
      for (const place of line) {
        line.delete(place);
        this.#size -= 1;
        if (line.size > 0) this.#lines.set(person, line);
        return place.item;
      }
    }
    return undefined;
  }
}
