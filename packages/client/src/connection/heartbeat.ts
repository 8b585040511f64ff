import type { Cancel, Clock } from "@tutti/protocol";

/** Intervals without a sound from the other end after which the connection counts as dead. */
const SILENT_INTERVALS = 2;
/** How long the answer to a single question may take, after the machine has slept, in milliseconds. */
export const PATIENCE = 5000;

/**
 * Asks at every interval whether the other end is there, and tells when it has been silent for too long. Silence is
 * counted in intervals, not in time: the clock of a machine that slept, or was set, says nothing about the other end.
 * Browsers hold back the timers of pages that nobody looks at, up to a minute, and the server would take that for
 * silence; what comes from it is not held back, so a beat that is overdue happens then.
 */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #interval: number;
  readonly #ping: () => void;
  readonly #silent: () => void;
  /** Beats since anything was heard. */
  #unanswered = 0;
  #nextBeat: Cancel = () => undefined;
  /** When it should be, in milliseconds since 1970. */
  #due = 0;
  #probe: Cancel | undefined;

  /** @param silent told once; nothing beats afterwards */
  constructor(clock: Clock, interval: number, ping: () => void, silent: () => void) {
    this.#clock = clock;
    this.#interval = interval;
    this.#ping = ping;
    this.#silent = silent;
    this.#scheduleBeat();
  }

  /** Anything came from the other end. */
  heard(): void {
    this.#unanswered = 0;
    this.#probe?.();
    this.#probe = undefined;
    if (this.#clock.now() <= this.#due) return;
    this.#nextBeat();
    this.#scheduleBeat();
    this.#ping();
  }

  /** Asks now, and takes silence for `patience` milliseconds as an answer. While one is being asked, nothing happens. */
  probe(patience: number): void {
    if (this.#probe !== undefined) return;
    this.#probe = this.#clock.schedule(patience, () => this.#giveUp());
    this.#ping();
  }

  stop(): void {
    this.#nextBeat();
    this.#probe?.();
    this.#probe = undefined;
  }

  #scheduleBeat(): void {
    this.#due = this.#clock.now() + this.#interval;
    this.#nextBeat = this.#clock.schedule(this.#interval, () => this.#beat(this.#clock.now() - this.#due));
  }

  /** @param late milliseconds; negative where the clock was set back */
  #beat(late: number): void {
    this.#unanswered += 1;
    if (late > this.#interval) {
      // The machine slept. Most connections did not survive that, and waiting for two intervals would help nobody.
      this.#unanswered = 0;
      this.probe(PATIENCE);
    } else if (this.#unanswered > SILENT_INTERVALS) {
      this.#giveUp();
      return;
    } else {
      this.#ping();
    }
    this.#scheduleBeat();
  }

  #giveUp(): void {
    this.stop();
    this.#silent();
  }
}
