import { type Clock, type Random, TuttiError } from "@tutti/protocol";

/** Pauses between two tries of one request (ms): the first one, and the longest. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 4000;
/**
 * How long to try on, in milliseconds. The server keeps the session for longer; but a person should read that they are
 * offline, and a new session costs little.
 */
const PATIENCE = 10_000;

/** Sends one request until it is answered: a request that was lost does no harm when it comes again. */
export class Persistence {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #over: () => boolean;

  /** @param over whether nobody wants the answer any more */
  constructor(clock: Clock, random: Random, over: () => boolean) {
    this.#clock = clock;
    this.#random = random;
    this.#over = over;
  }

  /**
   * @returns undefined when nobody wants the answer any more
   * @throws TuttiError when the server refuses for good; the last Error when it could not be reached for too long
   */
  async ask<T>(request: () => Promise<T>): Promise<T | undefined> {
    let failing: number | undefined;
    for (let pause = FIRST_PAUSE; !this.#over(); pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        return await request();
      } catch (error) {
        const wait = error instanceof TuttiError ? error.retryAfter : 0;
        if (wait === undefined) throw error;
        failing ??= this.#clock.now();
        if (this.#clock.now() - failing > PATIENCE) throw error;
        await this.#sleep(Math.max(wait, pause * (0.75 + this.#random.next() / 2)));
      }
    }
    return undefined;
  }

  #sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.schedule(milliseconds, resolve);
    });
  }
}
