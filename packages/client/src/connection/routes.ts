import type { Clock } from "@tutti/protocol";
import type { Transport } from "../types.js";

/** "websocket": the usual way; "polling": the same messages over HTTP, where WebSockets are blocked (C13). */
export type TransportKind = "websocket" | "polling";

/** WebSockets in a row that did not even open, after which messages are polled. */
const UNOPENED = 2;
/**
 * The same, where one did open on this network: then the server is away, most likely. When it is back, and everybody with
 * it, a connection over HTTP and a WebSocket soon after are twice the work (S10). Fifteen seconds are over by then.
 */
const UNOPENED_AFTER_USE = 4;
/** While messages are polled, a WebSocket is tried so often, in milliseconds. */
const RETRY = 60_000;

export interface RoutesEnvironment {
  readonly clock: Clock;
  readonly websocket: Transport;
  /** Left out: there is no other way. */
  readonly polling?: Transport | undefined;
}

/** Which way the next connection goes. */
export class Routes {
  readonly #env: RoutesEnvironment;
  /** WebSockets in a row that did not even open. */
  #unopened = 0;
  #lastUnopened = Number.NEGATIVE_INFINITY;
  /** Of this network: how many of them make it worth to try HTTP. */
  #enough = UNOPENED;

  constructor(env: RoutesEnvironment) {
    this.#env = env;
  }

  get next(): TransportKind {
    return this.#env.polling !== undefined && this.#unopened >= this.#enough ? "polling" : "websocket";
  }

  transport(kind: TransportKind): Transport {
    return (kind === "polling" ? this.#env.polling : undefined) ?? this.#env.websocket;
  }

  /** Milliseconds until a WebSocket should be tried beside a connection that polls. */
  get untilRetry(): number {
    return Math.max(0, this.#lastUnopened + RETRY - this.#env.clock.now());
  }

  /**
   * A connection, or an attempt, has ended.
   * @param opened whether the other end was reached
   */
  ended(kind: TransportKind, opened: boolean): void {
    if (kind === "websocket") {
      this.#unopened = opened ? 0 : this.#unopened + 1;
      if (opened) this.#enough = UNOPENED_AFTER_USE;
      else this.#lastUnopened = this.#env.clock.now();
    } else if (opened) {
      // The next one polls too, because that worked, and a WebSocket is tried beside it at once.
      this.#lastUnopened = Number.NEGATIVE_INFINITY;
    } else {
      // Then it may be the server, or the network as a whole: both ways take turns.
      this.#unopened = this.#enough - 1;
    }
  }

  /** The network is another one, perhaps: what was blocked may be open now. */
  networkChanged(): void {
    this.#enough = UNOPENED;
    this.#unopened = Math.min(this.#unopened, UNOPENED - 1);
    this.#lastUnopened = Number.NEGATIVE_INFINITY;
  }
}
