import type { Clock } from "@tutti/protocol";

/** The longest time (ms) that one task keeps everybody else waiting. */
const SLICE = 5;

/** Lets a long computation take turns with everything else: nobody waits long for it. */
export class TimeSlices {
  readonly #clock: Clock;
  #started: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#started = clock.now();
  }

  /** To be awaited between two short steps: lets others have their turn when this one was long enough. */
  async next(): Promise<void> {
    if (this.#clock.now() - this.#started >= SLICE) await this.rest();
  }

  /** Lets others have their turn. */
  async rest(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#clock.schedule(0, resolve);
    });
    this.#started = this.#clock.now();
  }
}
