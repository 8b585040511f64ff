import type { Cancel, Clock } from "@tutti/protocol";

/** How long (ms) somebody counts as on the way in who was let in and asks for nothing, or waits for a document. */
const ASKS_FOR_NOTHING = 1000;
const WAITS = 10_000;

/** Somebody who was let in, until they have what they came for, or had time enough for it. */
export class Entering {
  readonly #clock: Clock;
  readonly #done: () => void;
  #timeout: Cancel;
  #over = false;

  /** @param done told once */
  constructor(clock: Clock, done: () => void) {
    this.#clock = clock;
    this.#done = done;
    this.#timeout = clock.schedule(ASKS_FOR_NOTHING, () => this.end());
  }

  /** They asked for a document. */
  opens(): void {
    if (this.#over) return;
    this.#timeout();
    this.#timeout = this.#clock.schedule(WAITS, () => this.end());
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#timeout();
    this.#done();
  }
}
