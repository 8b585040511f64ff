import type { Cancel, Clock } from "@tutti/protocol";
import type { Session } from "./session.js";

/** Beside a connection that polls: finds out from time to time whether a WebSocket works by now (C13). */
export class Upgrade {
  readonly #clock: Clock;
  #session: Session | undefined;
  #next: Cancel | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether it is this session that tries. */
  owns(session: Session): boolean {
    return this.#session === session;
  }

  /** Tries in `delay` milliseconds, unless one is being tried; only the newest plan counts. */
  plan(delay: number, session: () => Session): void {
    this.#next?.();
    if (this.#session !== undefined) return;
    this.#next = this.#clock.schedule(delay, () => {
      this.#session = session();
      this.#session.start();
    });
  }

  /** The session that tried has failed, or is in use now. */
  done(): void {
    this.#session = undefined;
  }

  /** It makes no sense any more. */
  drop(): void {
    this.#next?.();
    this.#session?.close("done");
    this.#session = undefined;
  }
}
