/**
 * What is known of the server, so that one which is broken for longer is not asked all the time (C4):
 *
 *     closed ── too many failures in a row, or too many connections that died young ──▶ open
 *     open ── an attempt starts ──▶ half-open ── it was welcomed; a flapping one: and grew old ──▶ closed
 *                                       └─────── it failed, or died young ──▶ open
 *
 * `welcomed`: when the present connection was welcomed (ms since 1970); undefined while there is none. One over which
 * edits travelled was of use, and counts as old however short it was.
 */
export type Circuit =
  | {
      readonly kind: "closed";
      readonly welcomed: number | undefined;
      /** Attempts in a row that were never welcomed. */
      readonly failures: number;
      /** When connections died young lately. */
      readonly youngDeaths: readonly number[];
    }
  | { readonly kind: "open"; readonly fault: Fault }
  | { readonly kind: "half-open"; readonly fault: Fault; readonly welcomed: number | undefined };

/** "unreachable": nobody welcomes us; "flapping": they do, and then it breaks at once. */
export type Fault = "unreachable" | "flapping";

/** Attempts in a row that were never welcomed; by then the backoff has come to its longest pause. */
const FAILURES = 8;
/** A connection that lived shorter than this (ms) died young: it brought more work than use. */
const YOUNG = 10_000;
const YOUNG_DEATHS = 5;
/** Young deaths count for so long, in milliseconds. */
const MEMORY = 120_000;
/** Between two attempts on an open circuit that somebody asked for, in milliseconds: a flapping network asks all the time. */
const ASKED_APART = 5000;

const CLOSED: Closed = { kind: "closed", welcomed: undefined, failures: 0, youngDeaths: [] };
/** However soon it dies, it did not die young. */
const CLOSED_BY_USE: Closed = { ...CLOSED, welcomed: Number.NEGATIVE_INFINITY };

/** On top of the backoff: while it is open there is one attempt a minute, and one at once when somebody asks. */
export class CircuitBreaker {
  #circuit: Circuit = CLOSED;
  #lastAsked = Number.NEGATIVE_INFINITY;

  get circuit(): Circuit {
    return this.#circuit;
  }

  get isOpen(): boolean {
    return this.#circuit.kind === "open";
  }

  /** Whether somebody who asks may have an attempt at once. @param now milliseconds since 1970 */
  ask(now: number): boolean {
    if (!this.isOpen) return true;
    if (now - this.#lastAsked < ASKED_APART) return false;
    this.#lastAsked = now;
    return true;
  }

  /** An attempt starts. */
  attempted(): void {
    const circuit = this.#circuit;
    if (circuit.kind === "open") this.#circuit = { kind: "half-open", fault: circuit.fault, welcomed: undefined };
  }

  /** The server has welcomed us. */
  welcomed(now: number): void {
    const circuit = this.#circuit;
    if (circuit.kind === "closed") this.#circuit = { ...circuit, welcomed: now, failures: 0 };
    else if (circuit.fault === "unreachable") this.#circuit = { ...CLOSED, welcomed: now };
    else this.#circuit = { kind: "half-open", fault: circuit.fault, welcomed: now };
  }

  /** Edits travelled over the present connection. */
  used(): void {
    if (this.#circuit !== CLOSED_BY_USE && this.#circuit.kind !== "open") this.#circuit = CLOSED_BY_USE;
  }

  /** The attempt has failed, or the connection was lost. */
  lost(now: number): void {
    this.#circuit = afterLoss(this.#circuit, now);
  }

  /** The connection came to a good end. */
  ended(): void {
    this.#circuit = CLOSED;
  }
}

function afterLoss(circuit: Circuit, now: number): Circuit {
  if (circuit.kind === "open") return circuit;
  const { welcomed } = circuit;
  if (welcomed !== undefined && now - welcomed >= YOUNG) return CLOSED;
  if (circuit.kind === "half-open") return { kind: "open", fault: circuit.fault };
  return welcomed === undefined ? afterFailure(circuit) : afterYoungDeath(circuit, now);
}

type Closed = Extract<Circuit, { readonly kind: "closed" }>;

function afterFailure(circuit: Closed): Circuit {
  const failures = circuit.failures + 1;
  return failures >= FAILURES ? { kind: "open", fault: "unreachable" } : { ...circuit, failures };
}

function afterYoungDeath(circuit: Closed, now: number): Circuit {
  const youngDeaths = [...circuit.youngDeaths.filter((time) => now - time < MEMORY), now];
  if (youngDeaths.length >= YOUNG_DEATHS) return { kind: "open", fault: "flapping" };
  return { ...circuit, welcomed: undefined, youngDeaths };
}
