import { type Clock, type Connection, type ErrorData, type Frame, type Random, TuttiError } from "@tutti/protocol";
import type { Transport, TransportEvents } from "../../types.js";
import { type Answer, Exchange, type Fetch } from "./exchange.js";
import { Persistence } from "./persistence.js";

export interface PollingEnvironment {
  /** Of `/v1/poll`. */
  readonly address: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: Random;
}

const SUBPROTOCOL = "tutti.v1+json";
/** How long one request may take (ms); a poll longer by what the server may hold it. */
const TIMEOUT = 15_000;
/** Units of text, and messages, of one request: what waits behind them goes with the next one. */
const BATCH_UNITS = 250_000;
const BATCH_MESSAGES = 200;
/** What a WebSocket says when the network fails. */
const ABNORMAL = 1006;

/** Connections over HTTP, for where WebSockets are blocked (C13): `docs/protocol.md`, section 1. */
export function pollingTransport(env: PollingEnvironment): Transport {
  return { connect: (events) => new PollingConnection(env, events) };
}

/**
 * Two circles of requests: one asks for messages, and is held by the server until there are some; the other brings
 * messages up as long as there are any, one request at a time. Messages are numbered in both directions, so a request
 * that was lost, or whose answer was, comes again and does no harm.
 */
class PollingConnection implements Connection {
  readonly #events: TransportEvents;
  readonly #exchange: Exchange;
  readonly #persistence: Persistence;
  #state: "opening" | "open" | "closed" = "opening";
  #session = "";
  #wait = 0;
  /** From the server, how many have come. */
  #received = 0;
  /** To the server: how many it has, those that wait, and whether a request with some is under way. */
  #delivered = 0;
  #waiting: string[] = [];
  #sending = false;

  constructor({ address, fetch, clock, random }: PollingEnvironment, events: TransportEvents) {
    this.#events = events;
    this.#exchange = new Exchange(address, fetch, clock);
    this.#persistence = new Persistence(clock, random, () => this.#isClosed());
    void this.#open();
  }

  get bufferedBytes(): number {
    return this.#waiting.reduce((sum, frame) => sum + frame.length, 0);
  }

  send(frame: Frame): void {
    if (this.#isClosed() || typeof frame !== "string") return;
    this.#waiting.push(frame);
    if (this.#state === "open" && !this.#sending) void this.#bring();
  }

  /** What waits still goes, as with a WebSocket. */
  close(code: number, reason: string): void {
    const wasOpen = this.#state === "open";
    this.#state = "closed";
    this.#exchange.abort();
    if (!wasOpen) return;
    const head = { from: this.#delivered + 1, close: { code, reason } };
    const farewell = this.#exchange.post({ ...this.#request(head, this.#waiting), farewell: true });
    // When it does not arrive, the server notices the silence.
    farewell.catch(() => undefined);
  }

  /** Never rejects. */
  async #open(): Promise<void> {
    try {
      const { head } = await this.#exchange.post({ head: { subprotocol: SUBPROTOCOL }, timeout: TIMEOUT });
      if (this.#isClosed()) return;
      if (head.session === undefined || head.wait === undefined) throw new Error("no answer of a Tutti server");
      this.#session = head.session;
      this.#wait = head.wait;
      this.#state = "open";
      this.#events.opened(SUBPROTOCOL);
      if (this.#waiting.length > 0 && !this.#sending) void this.#bring();
      await this.#poll();
    } catch (error) {
      this.#lose(error);
    }
  }

  /** Until the end. */
  async #poll(): Promise<void> {
    while (!this.#isClosed()) {
      const timeout = this.#wait + TIMEOUT;
      const answer = await this.#persistence.ask(() =>
        this.#exchange.post({ ...this.#request({ received: this.#received, wait: this.#wait }), timeout }),
      );
      if (answer !== undefined) this.#take(answer);
    }
  }

  /** Until nothing waits any more. Never rejects. */
  async #bring(): Promise<void> {
    this.#sending = true;
    try {
      // What is sent in one turn goes together.
      await Promise.resolve();
      while (this.#waiting.length > 0 && !this.#isClosed()) {
        await this.#persistence.ask(() => this.#bringSome());
      }
    } catch (error) {
      this.#lose(error);
    } finally {
      this.#sending = false;
    }
  }

  async #bringSome(): Promise<void> {
    const { head } = await this.#exchange.post(this.#request({ from: this.#delivered + 1 }, batchOf(this.#waiting)));
    const { received = 0 } = head;
    if (received <= this.#delivered) throw new Error("the server takes nothing for now");
    this.#waiting.splice(0, received - this.#delivered);
    this.#delivered = received;
  }

  #take({ head, frames }: Answer): void {
    const { from = 0, closed } = head;
    if (from > this.#received + 1) throw new Error("messages were left out");
    for (const frame of frames.slice(this.#received + 1 - from)) {
      if (this.#isClosed()) return;
      this.#received += 1;
      this.#events.frame(frame);
    }
    if (closed !== undefined) this.#end(closed.code, closed.reason);
  }

  #request(head: object, frames: readonly string[] = []) {
    return { session: this.#session, head, frames, timeout: TIMEOUT };
  }

  #lose(error: unknown): void {
    // That the server has forgotten a session concerns nobody: another one is opened.
    const telling = error instanceof TuttiError && (this.#state === "opening" || error.retryAfter !== undefined);
    this.#end(ABNORMAL, "", telling ? error.toData() : undefined);
  }

  #end(code: number, reason: string, error?: ErrorData): void {
    if (this.#isClosed()) return;
    this.#state = "closed";
    this.#exchange.abort();
    this.#events.closed(code, reason, error);
  }

  #isClosed(): boolean {
    return this.#state === "closed";
  }
}

/** The first of them that go together, at least one. */
function batchOf(frames: readonly string[]): readonly string[] {
  let units = 0;
  const end = frames.findIndex((frame, index) => {
    units += frame.length;
    return index > 0 && (units > BATCH_UNITS || index >= BATCH_MESSAGES);
  });
  return end < 0 ? frames.slice() : frames.slice(0, end);
}
