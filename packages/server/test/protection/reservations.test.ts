import { describe, expect, it } from "vitest";
import { Pace } from "../../src/protection/pace.js";
import { Reservations } from "../../src/protection/reservations.js";

const RULES = { most: 100, mostOfPerson: 3, grace: 1000 };

describe("S10: reserved slots", () => {
  it("are apart from one another, in the order in which they were asked for, and never before the wish", () => {
    const slots = new Reservations(RULES);
    expect([slots.reserve("ann", 500, 10), slots.reserve("bob", 500, 10), slots.reserve("cyd", 505, 10)]).toEqual([
      500, 510, 520,
    ]);
    expect(slots.reserve("dan", 900, 10)).toBe(900);
    expect(slots.size).toBe(4);
  });

  it("are whole milliseconds, and different ones, however close they are", () => {
    const slots = new Reservations(RULES);
    const times = Array.from({ length: 50 }, (_, index) => slots.reserve(`p${index}`, 0.5, 1.3));
    expect(times.every(Number.isInteger)).toBe(true);
    expect(new Set(times).size).toBe(50);
  });

  it("are used once each, the earliest first, and only by their owner", () => {
    const slots = new Reservations(RULES);
    slots.reserve("ann", 100, 10);
    slots.reserve("ann", 200, 10);
    expect(slots.use("bob", 1000)).toBeUndefined();
    expect(slots.use("ann", 99)).toBeUndefined();
    expect(slots.use("ann", 1000)).toBe(100);
    expect(slots.use("ann", 150)).toBeUndefined();
    expect(slots.use("ann", 200)).toBe(200);
    expect([slots.use("ann", 1000), slots.size]).toEqual([undefined, 0]);
  });

  it("are lost by whoever does not come", () => {
    const slots = new Reservations(RULES);
    slots.reserve("ann", 100, 10);
    slots.reserve("bob", 200, 10);
    slots.prune(1100);
    expect(slots.size).toBe(2);
    slots.prune(1101);
    expect([slots.use("ann", 1101), slots.use("bob", 1101)]).toEqual([undefined, 200]);
  });

  it("are few for one person, and bounded for all: beyond that there are times, still different, without a promise", () => {
    const slots = new Reservations(RULES);
    const times = Array.from({ length: 10 }, () => slots.reserve("ann", 100, 10));
    expect(slots.size).toBe(3);
    expect(new Set(times.slice(3)).size).toBe(7);
    for (let index = 0; index < 200; index += 1) slots.reserve(`p${index}`, 100, 10);
    expect(slots.size).toBe(100);
  });

  it("times without a promise start anew before they are too far away", () => {
    const slots = new Reservations(RULES);
    const times = Array.from({ length: 10_000 }, () => slots.spread(0, 10));
    expect(Math.max(...times)).toBe(30_000);
    expect(new Set(times.slice(0, 3000)).size).toBe(3000);
  });
});

describe("S10: the pace", () => {
  it("is that of the rules until it is seen to be slower, and again when nobody waits", () => {
    const pace = new Pace(10);
    for (let time = 0; time <= 4000; time += 16) pace.passed(time);
    expect(pace.interval).toBeCloseTo((4000 + 100 * 10) / (250 + 100), 5);
    pace.forget();
    expect(pace.interval).toBe(10);
  });

  it("is not believed to be slower than two thirds of the rules, and one stall hardly counts", () => {
    const pace = new Pace(10);
    pace.passed(0);
    pace.passed(500);
    expect(pace.interval).toBeLessThan(16);
    pace.passed(60_000);
    expect(pace.interval).toBe(15);
  });

  it("is not faster than the rules, whatever comes at once", () => {
    const pace = new Pace(10);
    for (let count = 0; count < 100; count += 1) pace.passed(5000);
    expect(pace.interval).toBe(10);
  });
});
