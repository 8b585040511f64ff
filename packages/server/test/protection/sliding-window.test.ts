import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  counted,
  EMPTY_WINDOW,
  isOver,
  type Window,
  type WindowRule,
  waitFor,
} from "../../src/protection/sliding-window.js";
import { type Bucket, debtTime, fullBucket, spend } from "../../src/protection/token-bucket.js";

const rules = fc.record({ most: fc.integer({ min: 1, max: 40 }), length: fc.integer({ min: 10, max: 5000 }) });
/** Pauses between attempts, in milliseconds. */
const pauses = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 3000 })), {
  minLength: 1,
  maxLength: 300,
});

/** Tries at each moment and counts where the rule allows it. @returns the moments that were allowed */
function attempt(rule: WindowRule, moments: readonly number[]): readonly number[] {
  let window: Window = EMPTY_WINDOW;
  return moments.filter((now) => {
    if (waitFor(rule, window, now) > 0) return false;
    window = counted(rule, window, now);
    return true;
  });
}

const momentsOf = (start: number, steps: readonly number[]): readonly number[] => {
  let now = start;
  return steps.map((step) => {
    now += step;
    return now;
  });
};

describe("a sliding window", () => {
  it("never allows more than the rule in any window of its length", () => {
    fc.assert(
      fc.property(rules, fc.integer({ min: 0, max: 2e12 }), pauses, (rule, start, steps) => {
        const allowed = attempt(rule, momentsOf(start, steps));
        for (const [index, first] of allowed.entries()) {
          const last = allowed[index + rule.most];
          if (last !== undefined) expect(last - first).toBeGreaterThanOrEqual(rule.length);
        }
      }),
    );
  });

  it("allows whatever keeps the rule with a tenth to spare", () => {
    fc.assert(
      fc.property(rules, pauses, (rule, steps) => {
        let window: Window = EMPTY_WINDOW;
        const allowed: number[] = [];
        for (const now of momentsOf(1e9, steps)) {
          const recent = allowed.filter((then) => then > now - rule.length * 1.1 - 1).length;
          const wait = waitFor(rule, window, now);
          if (recent < rule.most) expect(wait).toBe(0);
          if (wait > 0) continue;
          window = counted(rule, window, now);
          allowed.push(now);
        }
      }),
    );
  });

  it("names a wait after which it allows one more, and before which it does not", () => {
    fc.assert(
      fc.property(rules, pauses, (rule, steps) => {
        let window: Window = EMPTY_WINDOW;
        for (const now of momentsOf(1e9, steps)) {
          const wait = waitFor(rule, window, now);
          if (wait === 0) window = counted(rule, window, now);
          else {
            expect(waitFor(rule, window, now + wait)).toBe(0);
            expect(waitFor(rule, window, now + wait - 1)).toBeGreaterThan(0);
            expect(wait).toBeLessThanOrEqual(rule.length * 1.1 + 1);
          }
        }
      }),
    );
  });

  it("is the same for a clock that goes back as for one that stands still", () => {
    const rule = { most: 2, length: 1000 };
    const window = counted(rule, counted(rule, EMPTY_WINDOW, 5000), 4000);
    expect(waitFor(rule, window, 3000)).toBeGreaterThan(0);
    expect(waitFor(rule, window, 6200)).toBe(0);
  });

  it("may be forgotten when nothing of it counts any more", () => {
    const rule = { most: 1, length: 1000 };
    const window = counted(rule, EMPTY_WINDOW, 5000);
    expect(isOver(rule, window, 6000)).toBe(false);
    expect(isOver(rule, window, 6200)).toBe(true);
  });
});

describe("a token bucket", () => {
  const rule = { perSecond: 100, capacity: 50 };

  it("never lets through more than its capacity and what has come since, when debts are waited for", () => {
    fc.assert(
      fc.property(pauses, fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (steps, amounts) => {
        let bucket: Bucket = fullBucket(rule, 0);
        let now = 0;
        let spent = 0;
        for (const [index, step] of steps.entries()) {
          now += step + debtTime(rule, bucket);
          const amount = amounts[index % amounts.length] ?? 1;
          bucket = spend(rule, bucket, amount, now);
          spent += amount;
          // The last amount may be on credit.
          expect(spent - amount).toBeLessThanOrEqual(rule.capacity + (now * rule.perSecond) / 1000 + 1e-6);
        }
      }),
    );
  });

  it("says how long it takes until nothing is owed", () => {
    const bucket = spend(rule, fullBucket(rule, 0), 60, 0);
    expect(debtTime(rule, bucket)).toBe(100);
    expect(debtTime(rule, spend(rule, bucket, 0, 100))).toBe(0);
  });
});
