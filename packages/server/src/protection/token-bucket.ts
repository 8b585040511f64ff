/** `perSecond` tokens come in a second, up to `capacity`. */
export interface BucketRule {
  readonly perSecond: number;
  readonly capacity: number;
}

/** A value: spending from it makes a new one. */
export interface Bucket {
  /** Below zero: what was spent before it was there. */
  readonly tokens: number;
  /** When that was the number, in milliseconds. */
  readonly at: number;
}

export const fullBucket = (rule: BucketRule, now: number): Bucket => ({ tokens: rule.capacity, at: now });

/** The bucket after spending; it may go below zero, because what has come in can't be sent back. */
export function spend(rule: BucketRule, bucket: Bucket, amount: number, now: number): Bucket {
  const at = Math.max(now, bucket.at);
  const earned = ((at - bucket.at) * rule.perSecond) / 1000;
  return { tokens: Math.min(rule.capacity, bucket.tokens + earned) - amount, at };
}

/** Milliseconds from `bucket.at` until nothing is owed any more; 0: nothing is. */
export function debtTime(rule: BucketRule, bucket: Bucket): number {
  return bucket.tokens >= 0 ? 0 : Math.ceil((-bucket.tokens * 1000) / rule.perSecond);
}
