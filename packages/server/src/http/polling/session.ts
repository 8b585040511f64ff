import type { Cancel, Clock, Connection, ConnectionEvents, Frame } from "@tutti/protocol";
import { Inflow } from "./inflow.js";
import { type Delivery, Outflow } from "./outflow.js";

/** Without a request for so long (ms), a client counts as gone: between two polls there is only the way to and fro. */
export const SILENCE = 20_000;

const GONE = 1006;

/**
 * A connection that travels in HTTP requests (C13). What is behind it can't tell it from a WebSocket: frames go in and out
 * in order, each once; it closes, can be paused, and knows how much of what it took has not arrived.
 */
export class PollingSession implements Connection {
  readonly #clock: Clock;
  readonly #forget: () => void;
  readonly #inflow: Inflow;
  readonly #outflow: Outflow;
  #events: ConnectionEvents | undefined;
  #closed = false;
  #lastRequest: number;
  #silence: Cancel;

  /** @param forget told when nobody asks for it any more */
  constructor(clock: Clock, forget: () => void) {
    this.#clock = clock;
    this.#forget = forget;
    this.#inflow = new Inflow((frame) => this.#events?.frame(frame));
    this.#outflow = new Outflow(clock);
    this.#lastRequest = clock.now();
    this.#silence = clock.schedule(SILENCE, () => this.#listen());
  }

  /** Who is told what comes in. */
  attach(events: ConnectionEvents): void {
    this.#events = events;
  }

  /** Whether anything has come from the client. */
  get greeted(): boolean {
    return this.#inflow.received > 0;
  }

  get bufferedBytes(): number {
    return this.#outflow.bytes;
  }

  send(frame: Frame): void {
    if (typeof frame === "string") this.#outflow.push(frame);
  }

  /** The client learns of it with its next poll: until then the session is kept, but takes nothing any more. */
  close(code: number, reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#inflow.end();
    this.#outflow.end(code, reason);
    this.#silence();
    this.#silence = this.#clock.schedule(SILENCE, this.#forget);
  }

  pause(): Cancel {
    return this.#inflow.pause();
  }

  /**
   * Messages have come.
   * @param from the number of the first of them
   * @returns the number of the newest message that is taken
   * @throws TuttiError `invalid_request`
   */
  async take(from: number, frames: readonly string[]): Promise<number> {
    this.#heard();
    return this.#closed ? this.#inflow.received : this.#inflow.take(from, frames);
  }

  /** The client asks for messages. @throws TuttiError `invalid_request` */
  async poll(received: number, wait: number): Promise<Delivery> {
    this.#heard();
    const delivery = await this.#outflow.poll(received, wait);
    this.#heard();
    return delivery;
  }

  /** Whoever polled does not wait any more. */
  abandoned(): void {
    this.#outflow.letGo();
  }

  /** The client closes. */
  hangUp(code: number, reason: string): void {
    this.#outflow.end(code, reason);
    this.#end(code, reason);
  }

  #heard(): void {
    this.#lastRequest = this.#clock.now();
  }

  #listen(): void {
    const left = this.#outflow.polled ? SILENCE : this.#lastRequest + SILENCE - this.#clock.now();
    if (left > 0) this.#silence = this.#clock.schedule(left, () => this.#listen());
    else this.#end(GONE, "");
  }

  #end(code: number, reason: string): void {
    this.#silence();
    this.#inflow.end();
    if (!this.#closed) this.#events?.closed(code, reason);
    this.#closed = true;
    this.#forget();
  }
}
