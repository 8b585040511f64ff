import { TuttiError } from "@tutti/protocol";
import { FairLine } from "./fair-line.js";

/** So many things are done at once; what is beyond that waits, a line per person, and the lines take turns (S10). */
export class Gate {
  readonly #atOnce: number;
  readonly #longest: number;
  readonly #waiting: (count: number) => void;
  readonly #line = new FairLine<() => void>();
  #running = 0;

  /**
   * @param atOnce how many
   * @param longest how many may wait
   * @param waiting told how many do, whenever that changes
   */
  constructor(atOnce: number, longest: number, waiting: (count: number) => void) {
    this.#atOnce = atOnce;
    this.#longest = longest;
    this.#waiting = waiting;
  }

  /**
   * Does it when it is its turn.
   * @param retryAfter for whoever is refused, in milliseconds
   * @throws TuttiError `overloaded` when too many wait already; what `task` throws
   */
  async pass<T>(person: string, retryAfter: () => number, task: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#atOnce) {
      if (this.#line.size >= this.#longest) throw new TuttiError("overloaded", "too much at once", retryAfter());
      await this.#turn(person);
    } else {
      this.#running += 1;
    }
    try {
      return await task();
    } finally {
      this.#end();
    }
  }

  async #turn(person: string): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#line.add(person, resolve);
      this.#waiting(this.#line.size);
    });
  }

  /** Whoever is next takes the place over. */
  #end(): void {
    const next = this.#line.take();
    if (next === undefined) this.#running -= 1;
    else {
      this.#waiting(this.#line.size);
      next();
    }
  }
}
