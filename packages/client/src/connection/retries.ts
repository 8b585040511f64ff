import type { Clock, Random } from "@tutti/protocol";
import { Backoff } from "./backoff.js";
import { CircuitBreaker } from "./circuit.js";

/** While the circuit is open there is one attempt in so many milliseconds, ± 25 %. */
const PROBE_INTERVAL = 60_000;
const JITTER = 0.25;

/** When to try again: the backoff, the circuit breaker over it, and the server's wish to be left alone (C4). */
export class Retries {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #backoff: Backoff;
  readonly #breaker = new CircuitBreaker();
  /** The server asked to be left alone until then, in milliseconds since 1970. */
  #notBefore = 0;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
    this.#backoff = new Backoff(random);
  }

  /** An attempt starts. */
  attempted(): void {
    this.#breaker.attempted();
  }

  /** It succeeded. */
  welcomed(): void {
    this.#breaker.welcomed(this.#clock.now());
    this.#backoff.reset();
  }

  /** Edits travelled over the connection. */
  used(): void {
    this.#breaker.used();
  }

  /** The connection came to a good end. */
  ended(): void {
    this.#breaker.ended();
  }

  /**
   * The attempt has failed, or the connection was lost.
   * @param atLeast what the server asked for, in milliseconds
   * @param reserved it is our turn exactly then: the server has spread those who were turned away itself
   * @returns how long to wait, in milliseconds
   */
  afterLoss(atLeast: number, reserved = false): number {
    const now = this.#clock.now();
    this.#notBefore = now + atLeast;
    this.#breaker.lost(now);
    if (!this.#breaker.isOpen) return reserved ? atLeast : this.#backoff.next(atLeast);
    return Math.max(atLeast, PROBE_INTERVAL * (1 - JITTER + this.#random.next() * 2 * JITTER));
  }

  /**
   * The connection ended for a reason that is mended already.
   * @returns how long to wait, in milliseconds: no time, but for a circuit that this opens
   */
  afterMend(): number {
    const delay = this.afterLoss(0);
    return this.#breaker.isOpen ? delay : 0;
  }

  /** Whether somebody who asks may have an attempt at once; if so, the pauses start anew. */
  hurry(): boolean {
    const now = this.#clock.now();
    if (now < this.#notBefore || !this.#breaker.ask(now)) return false;
    this.#backoff.reset();
    return true;
  }
}
