import type { Cancel, ConnectionEvents, Frame } from "@tutti/protocol";

/** Frames of one connection that are handed on in one turn. */
const SHARE = 50;
/** Bytes, or units of text, beyond which a frame is handed on at once: it shares nothing, and memory should not hold it. */
const LARGE = 16_384;

/**
 * What all sockets brought in one turn of the event loop, handed on together at its end. So what many people sent at
 * about the same time is admitted in one go and shares one commit (S5), where each frame by itself would start one of
 * its own. A connection that brings more than its share waits for the next turns with the rest, and is read no further
 * meanwhile: nobody waits behind the flood of somebody else (S7).
 */
export class Inbox {
  readonly #lines = new Set<Line>();

  /**
   * The way in of one connection.
   * @param events told in the order in which things came
   * @param pause stops reading from the socket until the result is called
   */
  open(events: ConnectionEvents, pause: () => Cancel): ConnectionEvents {
    const line = new Line(events, pause, () => this.#wake(line));
    return line;
  }

  #wake(line: Line): void {
    if (this.#lines.size === 0) setImmediate(() => this.#handOn());
    this.#lines.add(line);
  }

  #handOn(): void {
    const lines = [...this.#lines];
    this.#lines.clear();
    for (const line of lines) if (line.handOn()) this.#wake(line);
  }
}

class Line implements ConnectionEvents {
  readonly #events: ConnectionEvents;
  readonly #pause: () => Cancel;
  readonly #wake: () => void;
  #arrived: Frame[] = [];
  #end: { readonly code: number; readonly reason: string } | undefined;
  #resume: Cancel | undefined;

  constructor(events: ConnectionEvents, pause: () => Cancel, wake: () => void) {
    this.#events = events;
    this.#pause = pause;
    this.#wake = wake;
  }

  frame(frame: Frame): void {
    if (frame.length <= LARGE) {
      if (this.#arrived.push(frame) === 1) this.#wake();
      return;
    }
    const before = this.#arrived;
    this.#arrived = [];
    for (const earlier of before) this.#events.frame(earlier);
    this.#events.frame(frame);
  }

  /** Behind the frames that came before: the last words of a connection count. */
  closed(code: number, reason: string): void {
    this.#end = { code, reason };
    this.#wake();
  }

  /** @returns whether there is more */
  handOn(): boolean {
    const share = this.#arrived.slice(0, SHARE);
    this.#arrived = this.#arrived.slice(SHARE);
    for (const frame of share) this.#events.frame(frame);
    if (this.#arrived.length > 0) {
      this.#resume ??= this.#pause();
      return true;
    }
    this.#resume?.();
    this.#resume = undefined;
    if (this.#end !== undefined) this.#events.closed(this.#end.code, this.#end.reason);
    return false;
  }
}
