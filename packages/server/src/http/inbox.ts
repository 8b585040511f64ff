import type { ConnectionEvents, Frame } from "@tutti/protocol";

interface Arrival {
  readonly events: ConnectionEvents;
  /** undefined: the connection closed. */
  readonly frame: Frame | undefined;
  readonly code: number;
  readonly reason: string;
}

/**
 * What all sockets brought in one turn of the event loop, handed on together at its end, in order. So what many people
 * sent at about the same time is admitted in one go and shares one commit (S5), where each frame by itself would start
 * one of its own.
 */
export class Inbox {
  #arrived: Arrival[] = [];

  frame(events: ConnectionEvents, frame: Frame): void {
    this.#put({ events, frame, code: 0, reason: "" });
  }

  /** Behind the frames that came before: the last words of a connection count. */
  closed(events: ConnectionEvents, code: number, reason: string): void {
    this.#put({ events, frame: undefined, code, reason });
  }

  #put(arrival: Arrival): void {
    if (this.#arrived.push(arrival) === 1) setImmediate(() => this.#handOn());
  }

  #handOn(): void {
    const arrived = this.#arrived;
    this.#arrived = [];
    for (const { events, frame, code, reason } of arrived) {
      if (frame === undefined) events.closed(code, reason);
      else events.frame(frame);
    }
  }
}
