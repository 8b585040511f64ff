import {
  type Cancel,
  type Clock,
  type ErrorCode,
  type ErrorData,
  type Random,
  type Submit,
  TuttiError,
  type Welcome,
} from "@tutti/protocol";
import { Backoff } from "../connection/backoff.js";
import type { Link } from "../connection/link.js";
import type { Replica } from "./replica.js";

/** What is known of the operation in flight on this connection; "held": the server wants to be asked again later. */
type Delivery =
  | { readonly kind: "unsent" }
  | { readonly kind: "sent" }
  | { readonly kind: "held"; readonly retry: Cancel; readonly reason: ErrorCode };

/** Keeps an operation from leaving before it may. */
export interface Gate {
  readonly mayLeave: boolean;
}

export interface OutgoingOptions {
  readonly document: string;
  readonly replica: Replica;
  readonly link: Link;
  readonly clock: Clock;
  readonly random: Random;
  /** Left out: always open. */
  readonly gate?: Gate | undefined;
  /** Milliseconds from one operation to the next (E11). */
  readonly interval: number;
  /** There may be something to send now. */
  readonly due: () => void;
}

/** Above so many unsaved edits (C10) … */
export const LARGE_BACKLOG = 100;
/** … the interval is so many times as long. */
const BACKLOG_FACTOR = 5;

/** The way of a person's operations to the server: one in flight, sent once, and again only when it is asked for (C2). */
export class Outgoing {
  readonly #options: OutgoingOptions;
  readonly #resending: Backoff;
  #delivery: Delivery = { kind: "unsent" };
  #lastSent = Number.NEGATIVE_INFINITY;
  #pacing: Cancel | undefined;
  /** So many edits, from the first on, are not to wait for others. */
  #hurried = 0;
  /** What was put in flight last is only the first part of what was there: the rest gains nothing by waiting. */
  #cut = false;

  constructor(options: OutgoingOptions) {
    this.#options = options;
    this.#resending = new Backoff(options.random);
  }

  /** The operation in flight was sent, and not answered yet. */
  get awaits(): boolean {
    return this.#delivery.kind === "sent";
  }

  /** The first `edits` edits are not to wait for others. */
  hurry(edits: number): void {
    this.#hurried = Math.max(this.#hurried, edits);
  }

  /** What was sent may be lost: it is sent again. */
  restart(): void {
    this.#set({ kind: "unsent" });
  }

  /** What was in flight is durable. */
  progressed(): void {
    this.restart();
    this.#resending.reset();
  }

  /** The server does not take it now: when it has said for how long, after that; otherwise with growing pauses. */
  resendLater({ code, retryAfter = this.#resending.next() }: ErrorData): void {
    const retry = this.#options.clock.schedule(retryAfter, () => {
      this.#delivery = { kind: "unsent" };
      this.#options.due();
    });
    this.#set({ kind: "held", retry, reason: code });
  }

  /** There is a place among those who edit: what was refused for want of one need not wait any longer (S11). */
  placed(): void {
    if (this.#delivery.kind === "held" && this.#delivery.reason === "viewing_only") this.restart();
  }

  /**
   * Puts in flight what may be, and sends it.
   * @param limits what the server accepts; undefined: not known
   * @returns why it can't be sent at all; undefined while all is well
   */
  submit(limits: Welcome["limits"] | undefined): ErrorData | undefined {
    const { document, replica, link, clock, gate } = this.#options;
    if (replica.inFlight === undefined && this.#waits()) return undefined;
    if (replica.flush(budgetOf(limits))) {
      this.#cut = replica.buffer !== undefined;
      this.restart();
    }
    const { inFlight, sequence, version } = replica;
    if (inFlight === undefined || this.#delivery.kind !== "unsent" || gate?.mayLeave === false) return undefined;
    const submit: Submit = { type: "submit", document, sequence, version, operation: inFlight };
    this.#delivery = { kind: "sent" };
    this.#lastSent = clock.now();
    if (link.send(submit)) return undefined;
    return new TuttiError("operation_too_large", "an edit is larger than one message may be").toData();
  }

  /** No timer of it runs on. */
  stop(): void {
    this.#pacing?.();
    this.restart();
  }

  /** What is typed meanwhile becomes part of the next operation (E11); the server may want fewer and larger ones (S7). */
  #waits(): boolean {
    const { link, clock, due, replica } = this.#options;
    if (replica.synchronised) return false;
    const wait = this.#lastSent + Math.max(link.service.pace, this.#pause()) - clock.now();
    if (wait <= 0) return false;
    this.#pacing ??= clock.schedule(wait, () => {
      this.#pacing = undefined;
      due();
    });
    return true;
  }

  #pause(): number {
    const { replica, interval } = this.#options;
    if (this.#cut || this.#hurried > replica.flushedEdits) return 0;
    return replica.edits - replica.savedEdits > LARGE_BACKLOG ? interval * BACKLOG_FACTOR : interval;
  }

  #set(delivery: Delivery): void {
    if (this.#delivery.kind === "held") this.#delivery.retry();
    this.#delivery = delivery;
  }
}

/** Units of one operation: well below a frame, whatever the encoding makes of them. */
function budgetOf(limits: Welcome["limits"] | undefined): number {
  if (limits === undefined) return Number.POSITIVE_INFINITY;
  return Math.min(limits.insertLength, Math.floor(limits.frameBytes / 8));
}
