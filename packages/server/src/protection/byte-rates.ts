import type { Protection } from "./defaults.js";
import { type Bucket, type BucketRule, debtTime, fullBucket, spend } from "./token-bucket.js";

/** The bytes of one owner; held by several connections where they are of one person. */
export class ByteRate {
  readonly #rule: BucketRule;
  #bucket: Bucket;

  constructor(rule: BucketRule, now: number) {
    this.#rule = rule;
    this.#bucket = fullBucket(rule, now);
  }

  /** @returns milliseconds until nothing is owed; 0: nothing is */
  spend(bytes: number, now: number): number {
    this.#bucket = spend(this.#rule, this.#bucket, bytes, now);
    return debtTime(this.#rule, this.#bucket);
  }

  /** True when more is owed than may come at once: what should have been held back was not. */
  get overdrawn(): boolean {
    return -this.#bucket.tokens > this.#rule.capacity;
  }

  isFull(now: number): boolean {
    return spend(this.#rule, this.#bucket, 0, now).tokens >= this.#rule.capacity;
  }
}

/** Bytes that come from people, over all of their connections, and from connections that are nobody's yet. */
export class ByteRates {
  readonly #rule: BucketRule;
  readonly #users = new Map<string, ByteRate>();

  constructor({ bytesPerSecond, bytesBurst }: Pick<Protection, "bytesPerSecond" | "bytesBurst">) {
    this.#rule = { perSecond: bytesPerSecond, capacity: bytesBurst };
  }

  forConnection(now: number): ByteRate {
    return new ByteRate(this.#rule, now);
  }

  of(user: string, now: number): ByteRate {
    const known = this.#users.get(user);
    if (known !== undefined) return known;
    const rate = this.forConnection(now);
    this.#users.set(user, rate);
    return rate;
  }

  /** Forgets those of people who are gone. @param present whether somebody has a connection */
  prune(now: number, present: (user: string) => boolean): void {
    for (const [user, rate] of this.#users) if (!present(user) && rate.isFull(now)) this.#users.delete(user);
  }
}
