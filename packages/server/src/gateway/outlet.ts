import type { Connection, Frame } from "@tutti/protocol";
import type { Observer } from "../metrics/observer.js";

/**
 * What documents have to say waits while a receiver has no room, but answers to what it sends itself don't. A receiver
 * that lets this many bytes of them pile up, besides the largest frame it was sent, is cut off; it reconnects and catches
 * up by version (S6).
 */
const BACKLOG_BYTES = 16_000_000;
/** Looks in a row at which nothing was read, though too much waits, after which a receiver is cut off. */
const STALLED_LOOKS = 4;

/** What goes out on one connection, and whether its receiver keeps up (S6). */
export class Outlet {
  readonly #connection: Connection;
  readonly #unsentBytes: number;
  readonly #observer: Observer;
  #largestFrame = 0;
  /** Unsent bytes at the last look, and for how many looks in a row nothing of them was read. */
  #stalled = { bytes: 0, looks: 0 };

  /** @param unsentBytes on their way to the receiver, above which it has no room */
  constructor(connection: Connection, unsentBytes: number, observer: Observer) {
    this.#connection = connection;
    this.#unsentBytes = unsentBytes;
    this.#observer = observer;
  }

  /** False while only what the receiver waits for should be added. */
  get hasRoom(): boolean {
    return this.#connection.bufferedBytes <= this.#unsentBytes;
  }

  /** @returns false when the receiver is too slow by far, and is to be cut off */
  write(frame: Frame): boolean {
    this.#observer.frameOut(frame.length);
    this.#largestFrame = Math.max(this.#largestFrame, frame.length);
    this.#connection.send(frame);
    return this.#connection.bufferedBytes <= BACKLOG_BYTES + this.#largestFrame;
  }

  /** To be asked from time to time: true when the receiver has taken nothing for several looks though much was waiting. */
  hasStalled(): boolean {
    const bytes = this.#connection.bufferedBytes;
    const stands = !this.hasRoom && bytes >= this.#stalled.bytes;
    this.#stalled = { bytes, looks: stands ? this.#stalled.looks + 1 : 0 };
    return this.#stalled.looks > STALLED_LOOKS;
  }
}
