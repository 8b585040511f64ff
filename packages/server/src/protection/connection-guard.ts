import { type Cancel, TuttiError } from "@tutti/protocol";
import type { Visit } from "./admission.js";
import type { ByteRate } from "./byte-rates.js";
import type { Level } from "./condition.js";
import type { Guard, Readable } from "./guard.js";
import { isOwnAddress } from "./quotas.js";
import type { Meter } from "./rate-limits.js";
import { type Bucket, type BucketRule, debtTime, fullBucket, spend } from "./token-bucket.js";

interface Outside {
  readonly address: string | undefined;
  readonly notify: () => void;
}

/** What a client is told of the server: how it is, and how long to wait between two operations. */
export interface Notice {
  readonly level: Level;
  /** Milliseconds; 0: as it likes. */
  readonly pace: number;
}

/** How long somebody is asked to slow down, in milliseconds. */
const SLOW_FOR = 5000;

/** Watches over one connection (L1, L3, L5). */
export class ConnectionGuard {
  readonly #guard: Guard;
  readonly #readable: Readable;
  readonly #outside: Outside;
  readonly #forget: () => void;
  readonly #leave: () => void;
  readonly #operations: Meter;
  readonly #frameRule: BucketRule;
  #frames: Bucket;
  #bytes: ByteRate;
  #paused: Cancel | undefined;
  #resume: Cancel | undefined;
  #user: string | undefined;
  /** Documents of which an operation was refused, and when (milliseconds) it may come again. */
  readonly #held = new Map<string, number>();
  #slow: Cancel | undefined;
  /** On the way in. */
  #visit: Visit | undefined;

  constructor(guard: Guard, readable: Readable, outside: Outside, forget: () => void) {
    const { protection, clock } = guard.env;
    this.#guard = guard;
    this.#readable = readable;
    this.#outside = outside;
    this.#forget = forget;
    this.#leave = guard.quotas.opened(outside.address, clock.now());
    this.#operations = guard.rates.forConnection();
    this.#frameRule = { perSecond: protection.framesPerSecond, capacity: protection.framesBurst };
    this.#frames = fullBucket(this.#frameRule, clock.now());
    this.#bytes = guard.bytes.forConnection(clock.now());
  }

  /** The person, once they have said who they are. */
  get user(): string | undefined {
    return this.#user;
  }

  get notice(): Notice {
    const { level, shedding } = this.#guard.condition;
    const slow = this.#slow !== undefined || shedding >= 3;
    return { level, pace: slow ? this.#guard.env.protection.pace : 0 };
  }

  /** Presence is the first to go when there is too much to do (S7). */
  get takesPresence(): boolean {
    return this.#guard.condition.shedding < 1;
  }

  /**
   * A frame came. More of them than the rate allows are read later: the connection is paused.
   * @returns why the connection is to be closed; undefined: go on
   */
  frame(bytes: number): TuttiError | undefined {
    const { rateLimits, clock } = this.#guard.env;
    if (!rateLimits) return undefined;
    const now = clock.now();
    this.#frames = spend(this.#frameRule, this.#frames, 1, now);
    const wait = Math.max(debtTime(this.#frameRule, this.#frames), this.#bytes.spend(bytes, now));
    return wait === 0 ? undefined : this.#flooded(wait);
  }

  /**
   * They have said who they are.
   * @throws TuttiError `suspended`, `too_many_connections`; both with `retryAfter`
   */
  identified(user: string): void {
    const { rateLimits, clock } = this.#guard.env;
    if (rateLimits) {
      const suspended = this.#guard.suspensions.remaining(user, clock.now());
      if (suspended > 0) throw suspendedFor(suspended);
      if (!this.#guard.quotas.identified(user)) {
        throw new TuttiError("too_many_connections", "too many connections of one person", this.#guard.retryAfter());
      }
    }
    this.#bytes = this.#guard.bytes.of(user, clock.now());
    this.#user = user;
  }

  /**
   * Waits until the server has time for whoever `identified` says it is (S10).
   * @throws TuttiError `overloaded`, with a slot of their own as `retryAfter`
   */
  async admitted(): Promise<void> {
    if (!this.#guard.env.rateLimits) return;
    this.#visit = this.#guard.admission.enter(this.#user ?? "");
    await this.#visit.admitted;
  }

  /** They have their first document, or do not get it: the next ones may come in. */
  settled(): void {
    this.#visit?.settled();
    this.#visit = undefined;
  }

  /** @throws TuttiError `overloaded` while nothing new is opened (S7) */
  open(): void {
    this.#visit?.opens();
    if (this.#guard.condition.shedding < 4) return;
    throw new TuttiError("overloaded", "nothing new is opened for now", this.#guard.retryAfter());
  }

  /**
   * Whether an operation is taken now (L1, S8). Whoever sends again before the time they were told commits an offence.
   * @returns the refusal: `suspended` ends the connection, the others answer the operation
   */
  operation(document: string): TuttiError | undefined {
    const { condition } = this.#guard;
    if (condition.level === 3 && !this.#guard.mayProbe()) {
      return new TuttiError("storage_unavailable", "read-only mode: storage fails", this.#guard.retryAfter());
    }
    return this.#guard.env.rateLimits ? this.#limited(document) : undefined;
  }

  /** Counts a report of a person. @returns false: too many of them, forget it (C6) */
  report(): boolean {
    return !this.#guard.env.rateLimits || this.#guard.takesReport(this.#user ?? "");
  }

  /**
   * Counts a wish or a decision about places (S11): each of them may be stored, logged and told to many.
   * @throws TuttiError `rate_limited`
   */
  wish(): void {
    const wait = this.#guard.env.rateLimits ? this.#guard.takeWish(this.#user ?? "") : 0;
    if (wait > 0) throw rateLimited(wait);
  }

  /** The connection is closed because of what was sent on it. */
  misbehaved(): void {
    if (this.#guard.env.rateLimits) this.#offence();
  }

  /** Too much of what waits for a document is from here. */
  slowDown(): void {
    const first = this.#slow === undefined;
    this.#slow?.();
    this.#slow = this.#guard.env.clock.schedule(SLOW_FOR, () => {
      this.#slow = undefined;
      this.notify();
    });
    if (first) this.notify();
  }

  /** The client should be told how the server is. */
  notify(): void {
    this.#outside.notify();
  }

  closed(): void {
    this.#visit?.leave();
    this.#slow?.();
    this.#resume?.();
    this.#paused?.();
    this.#leave();
    if (this.#user !== undefined && this.#guard.env.rateLimits) this.#guard.quotas.left(this.#user);
    this.#forget();
  }

  #limited(document: string): TuttiError | undefined {
    const now = this.#guard.env.clock.now();
    const user = this.#user ?? "";
    const suspended = this.#guard.suspensions.remaining(user, now);
    if (suspended > 0) return suspendedFor(suspended);
    const held = (this.#held.get(document) ?? 0) - now;
    if (held > 0) {
      const offence = this.#offence();
      return offence > 0 ? suspendedFor(offence) : rateLimited(held);
    }
    const wait = this.#guard.rates.take(this.#operations, user, document, now);
    if (wait === 0) {
      this.#held.delete(document);
      return undefined;
    }
    this.#held.set(document, now + wait);
    return rateLimited(wait);
  }

  #flooded(wait: number): TuttiError | undefined {
    const suspended = this.#offence();
    if (suspended > 0) return suspendedFor(suspended);
    // What can't be held back, or came on in spite of it, ends here.
    if (-this.#frames.tokens > this.#frameRule.capacity || this.#bytes.overdrawn) {
      return rateLimited(this.#guard.retryAfter());
    }
    this.#paused ??= this.#readable.pause?.();
    this.#resume?.();
    this.#resume = this.#guard.env.clock.schedule(wait, () => {
      this.#resume = undefined;
      this.#paused?.();
      this.#paused = undefined;
    });
    return undefined;
  }

  /** @returns milliseconds for which they are suspended; 0: not yet */
  #offence(): number {
    const { clock, log, observer } = this.#guard.env;
    const { address } = this.#outside;
    const who = this.#user ?? (address === undefined || isOwnAddress(address) ? undefined : address);
    if (who === undefined) return 0;
    const before = this.#guard.suspensions.remaining(who, clock.now());
    const duration = this.#guard.suspensions.offence(who, clock.now());
    if (before === 0 && duration > 0) {
      log.warn("suspended after repeated offence", { who, milliseconds: duration });
      observer.suspended();
    }
    return duration;
  }
}

const suspendedFor = (milliseconds: number): TuttiError =>
  new TuttiError("suspended", "suspended for a while after repeated offence", milliseconds);
const rateLimited = (milliseconds: number): TuttiError =>
  new TuttiError("rate_limited", "faster than the rate limits allow; send it again later", milliseconds);
