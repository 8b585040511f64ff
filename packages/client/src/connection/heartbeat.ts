import type { Cancel, Clock } from "@tutti/protocol";

/** Intervals without a sound from the other end after which the connection counts as dead. */
const SILENT_INTERVALS = 2;

/** Asks at every interval whether the other end is there, and tells when it has been silent for too long. */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #ping: () => void;
  readonly #silent: () => void;
  #heard: number;
  #cancel: Cancel | undefined;

  constructor(clock: Clock, interval: number, ping: () => void, silent: () => void) {
    this.#clock = clock;
    this.#ping = ping;
    this.#silent = silent;
    this.#heard = clock.now();
    this.#scheduleBeat(interval);
  }

  /** Anything came from the other end. */
  heard(): void {
    this.#heard = this.#clock.now();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #scheduleBeat(interval: number): void {
    this.#cancel = this.#clock.schedule(interval, () => this.#beat(interval));
  }

  #beat(interval: number): void {
    if (this.#clock.now() - this.#heard > SILENT_INTERVALS * interval) {
      this.stop();
      this.#silent();
    } else {
      this.#ping();
      this.#scheduleBeat(interval);
    }
  }
}
