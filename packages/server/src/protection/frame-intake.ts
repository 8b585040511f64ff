import type { Cancel, Clock } from "@tutti/protocol";
import type { Protection } from "./defaults.js";
import { type Bucket, type BucketRule, debtTime, fullBucket, spend } from "./token-bucket.js";

/** A socket as far as receiving goes. */
export interface Receiver {
  /** Stops reading until the returned function is called. */
  pause(): Cancel;
  /** The connection ends here. */
  cutOff(reason: "receiving_too_much" | "receiving_too_slowly" | "hello_too_large"): void;
}

type Rules = Pick<Protection, "receivingBytes" | "smallFrameBytes" | "largeBytesPerSecond" | "largeBytesBurst">;

/** While others wait, a large frame must grow by so many bytes in each interval (milliseconds), or it is given up. */
const LEAST_PROGRESS = 50_000;
const PROGRESS_INTERVAL = 5000;
/** A `hello` has a token of at most 8192 units. */
const LARGEST_HELLO = 32_768;
/** A large frame takes its size as pieces, again as a whole, and again until what is left of both is collected. */
const COPIES = 3;

/**
 * The account of frames that have begun and not ended (S12): nothing else knows of them, and many sockets with a large
 * one each would fill the memory. Small frames just come. A large one needs a seat; there are as many as fit into
 * `receivingBytes`, and whoever finds none is not read from until one is free, first come, first served. What has ended
 * is still in memory for a while, the longer the busier the machine is: so a seat is given to the next one only as fast
 * as `largeBytesPerSecond` allows.
 *
 * Bound: `receivingBytes` in seats, as much again for those who wait (who goes beyond it is cut off), and what one
 * read of the operating system brings.
 */
export class FrameIntake {
  readonly #clock: Clock;
  readonly #rules: Rules;
  readonly #seats: number;
  readonly #rate: BucketRule;
  readonly #seated = new Set<Incoming>();
  readonly #waiting = new Set<Incoming>();
  #bytes = 0;
  /** Bytes of large frames that may still end now. */
  #allowance: Bucket;
  /** While more has ended than the rate allows: until nothing is owed. */
  #rest: Cancel | undefined;
  #inspection: Cancel | undefined;

  /** @param largestFrame bytes of the largest frame that is still received */
  constructor(clock: Clock, rules: Rules, largestFrame: number) {
    this.#clock = clock;
    this.#rules = rules;
    this.#seats = Math.max(1, Math.floor(rules.receivingBytes / (COPIES * largestFrame)));
    this.#rate = { perSecond: rules.largeBytesPerSecond, capacity: rules.largeBytesBurst };
    this.#allowance = fullBucket(this.#rate, clock.now());
  }

  /** Bytes of all unfinished frames. */
  get bytes(): number {
    return this.#bytes;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  open(receiver: Receiver): Incoming {
    return new Incoming(this, receiver);
  }

  /** @internal `incoming` has grown. */
  grown(incoming: Incoming, bytes: number): void {
    this.#bytes += bytes;
    if (incoming.bytes <= this.#rules.smallFrameBytes || this.#seated.has(incoming)) return;
    if (this.#mayBeSeated()) {
      this.#seated.add(incoming);
    } else if (this.#bytes > 2 * this.#rules.receivingBytes) {
      incoming.cutOff("receiving_too_much");
    } else {
      incoming.hold();
      this.#waiting.add(incoming);
      this.#inspection ??= this.#scheduleInspection();
    }
  }

  /** @internal `incoming` has ended. */
  ended(incoming: Incoming, bytes: number): void {
    this.#bytes -= bytes;
    this.#waiting.delete(incoming);
    if (!this.#seated.delete(incoming)) return;
    this.#spend(bytes);
    this.#seatWaiting();
  }

  #mayBeSeated(): boolean {
    return this.#rest === undefined && this.#seated.size < this.#seats;
  }

  #seatWaiting(): void {
    for (const next of this.#waiting) {
      if (!this.#mayBeSeated()) return;
      this.#waiting.delete(next);
      this.#seated.add(next);
      next.goOn();
    }
  }

  #spend(bytes: number): void {
    this.#allowance = spend(this.#rate, this.#allowance, bytes, this.#clock.now());
    const owed = debtTime(this.#rate, this.#allowance);
    if (owed === 0) return;
    this.#rest?.();
    this.#rest = this.#clock.schedule(owed, () => {
      this.#rest = undefined;
      this.#seatWaiting();
    });
  }

  #scheduleInspection(): Cancel {
    return this.#clock.schedule(PROGRESS_INTERVAL, () => {
      this.#inspection = undefined;
      const idle = [...this.#seated].filter((incoming) => incoming.takeProgress() < LEAST_PROGRESS);
      if (this.#waiting.size === 0) return;
      this.#inspection = this.#scheduleInspection();
      for (const incoming of idle) incoming.cutOff("receiving_too_slowly");
    });
  }
}

/** What one socket is receiving. */
export class Incoming {
  readonly #intake: FrameIntake;
  readonly #receiver: Receiver;
  #greeted = false;
  #over = false;
  #bytes = 0;
  #progress = 0;
  #resume: Cancel | undefined;

  constructor(intake: FrameIntake, receiver: Receiver) {
    this.#intake = intake;
    this.#receiver = receiver;
  }

  /** Bytes since the last whole frame. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes have come. */
  received(bytes: number): void {
    if (this.#over) return;
    const before = this.#bytes;
    this.#bytes += bytes;
    this.#progress += bytes;
    // What was there before: the newest bytes may hold the end of `hello` and much that may follow it.
    if (!this.#greeted && before > LARGEST_HELLO) {
      this.cutOff("hello_too_large", bytes);
      return;
    }
    this.#intake.grown(this, bytes);
  }

  /** A whole frame has come. */
  frame(): void {
    this.#greeted = true;
    this.#end();
  }

  /** The socket is gone. */
  closed(): void {
    this.#end();
    this.#over = true;
  }

  /** @internal Bytes since the last call. */
  takeProgress(): number {
    const progress = this.#progress;
    this.#progress = 0;
    return progress;
  }

  /** @internal */
  hold(): void {
    this.#resume ??= this.#receiver.pause();
  }

  /** @internal */
  goOn(): void {
    this.#progress = 0;
    this.#resume?.();
    this.#resume = undefined;
  }

  /** @internal @param uncounted the newest bytes that the intake has not been told of */
  cutOff(reason: Parameters<Receiver["cutOff"]>[0], uncounted = 0): void {
    this.#bytes -= uncounted;
    this.closed();
    this.#receiver.cutOff(reason);
  }

  #end(): void {
    const bytes = this.#bytes;
    this.#bytes = 0;
    this.goOn();
    this.#intake.ended(this, bytes);
  }
}
