import { type Cancel, type Clock, type ErrorData, type Random, scheduleAt } from "@tutti/protocol";
import { Backoff } from "./backoff.js";
import type { Credentials } from "./credentials.js";

/** A token is renewed when a share of its time between these is over: each client at a moment of its own. */
const EARLIEST = 0.7;
const LATEST = 0.85;
/** With less time left (ms) it is not tried again: the server closes the connection, and the next one gets a fresh token. */
const TOO_LATE = 1000;

/**
 *     resting → asking → offered → resting …      (asking: the source of tokens; offered: `hello` is on its way)
 */
type State =
  | { readonly kind: "resting"; readonly next: Cancel | undefined }
  | { readonly kind: "asking" }
  | { readonly kind: "offered" };

export interface RenewalEnvironment {
  readonly clock: Clock;
  readonly random: Random;
  readonly credentials: Credentials;
  /** Offers a token to the server. */
  offer(token: string): void;
  /** It did not work; where there is time it is tried again. */
  failed(error: ErrorData): void;
}

/** Gives a connection a newer token before its own expires (A1). */
export class Renewal {
  readonly #env: RenewalEnvironment;
  readonly #backoff: Backoff;
  #state: State = { kind: "resting", next: undefined };
  #expires: number | undefined;
  /** Tells the source that was asked last from those before. */
  #question = 0;

  constructor(env: RenewalEnvironment) {
    this.#env = env;
    this.#backoff = new Backoff(env.random);
  }

  /** The server took the token. @param expiresIn milliseconds for which it is good; undefined: for ever */
  accepted(expiresIn: number | undefined): void {
    this.stop();
    this.#backoff.reset();
    const { clock, random, credentials } = this.#env;
    this.#expires = expiresIn === undefined ? undefined : clock.now() + expiresIn;
    if (expiresIn === undefined || expiresIn <= TOO_LATE || !credentials.renewable) return;
    const share = EARLIEST + (LATEST - EARLIEST) * random.next();
    this.#renewAt(clock.now() + expiresIn * share);
  }

  /** Renews now: there is a new source. */
  now(): void {
    this.stop();
    const { source } = this.#env.credentials;
    if (typeof source === "string") this.#offer(source);
    else void this.#ask(source);
  }

  /** The server complained of a token on a connection that goes on. @returns whether it was that of a renewal */
  refused(error: ErrorData): boolean {
    if (this.#state.kind !== "offered") return false;
    if (error.code !== "unauthenticated" && error.code !== "forbidden") return false;
    this.#failed(error);
    return true;
  }

  stop(): void {
    if (this.#state.kind === "resting") this.#state.next?.();
    this.#question += 1;
    this.#state = { kind: "resting", next: undefined };
  }

  #renewAt(time: number): void {
    const next = scheduleAt(this.#env.clock, time, () => this.now());
    this.#state = { kind: "resting", next };
  }

  /** Never rejects. */
  async #ask(source: () => Promise<string>): Promise<void> {
    this.#state = { kind: "asking" };
    const question = this.#question;
    try {
      const token = await source();
      if (question === this.#question) this.#offer(token);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const data = { code: "unauthenticated", message: `no newer token: ${reason}`, retry: true } as const;
      if (question === this.#question) this.#failed(data);
    }
  }

  #offer(token: string): void {
    this.#state = { kind: "offered" };
    this.#env.offer(token);
  }

  #failed(error: ErrorData): void {
    this.stop();
    const { clock, credentials } = this.#env;
    const left = (this.#expires ?? 0) - clock.now();
    if (credentials.renewable && left > TOO_LATE) {
      this.#renewAt(clock.now() + Math.min(this.#backoff.next(), left / 2));
    }
    this.#env.failed(error);
  }
}
