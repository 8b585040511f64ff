import { type Cancel, TuttiError } from "@tutti/protocol";

/**
 * Messages from a client, numbered from 1, so that a request which comes twice does no harm. While reading is paused
 * nothing is taken, and at most one request waits: its client sends the next one when this one is answered.
 */
export class Inflow {
  readonly #deliver: (frame: string) => void;
  #received = 0;
  #pauses = 0;
  #waiting: ((itsTurn: boolean) => void) | undefined;

  constructor(deliver: (frame: string) => void) {
    this.#deliver = deliver;
  }

  /** The number of the newest message. */
  get received(): number {
    return this.#received;
  }

  /**
   * Takes what is new of these.
   * @param from the number of the first of them
   * @returns the number of the newest message that was taken, when reading goes on, or when a newer request came
   * @throws TuttiError `invalid_request` when messages before them are missing
   */
  async take(from: number, frames: readonly string[]): Promise<number> {
    if (this.#pauses > 0 && !(await this.#turn())) return this.#received;
    if (from > this.#received + 1) {
      throw new TuttiError("invalid_request", `from: ${this.#received + 1} comes next, not ${from}`);
    }
    for (const frame of frames.slice(this.#received + 1 - from)) {
      this.#received += 1;
      this.#deliver(frame);
    }
    return this.#received;
  }

  /** Takes nothing until the result is called. */
  pause(): Cancel {
    this.#pauses += 1;
    let done = false;
    return () => {
      if (done) return;
      done = true;
      this.#pauses -= 1;
      if (this.#pauses === 0) this.#answer(true);
    };
  }

  /** Nothing is taken any more. */
  end(): void {
    this.#answer(false);
  }

  #turn(): Promise<boolean> {
    this.#answer(false);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  #answer(itsTurn: boolean): void {
    this.#waiting?.(itsTurn);
    this.#waiting = undefined;
  }
}
