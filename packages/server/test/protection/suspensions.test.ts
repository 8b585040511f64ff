import { describe, expect, it } from "vitest";
import { DEFAULT_PROTECTION } from "../../src/protection/defaults.js";
import { Suspensions } from "../../src/protection/suspensions.js";

const NOW = Date.UTC(2026, 0, 1);
const rules = { ...DEFAULT_PROTECTION, offencesUntilSuspension: 3, suspension: 1000, longestSuspension: 5000 };

/** One offence a second, `count` times. @returns what the last one brought */
function offend(suspensions: Suspensions, count: number, from: number): number {
  let duration = 0;
  for (let second = 0; second < count; second += 1) duration = suspensions.offence("eve", from + second * 1000);
  return duration;
}

describe("suspensions", () => {
  it("come after repeated offence, not after one burst", () => {
    const suspensions = new Suspensions(rules);
    for (let count = 0; count < 1000; count += 1) expect(suspensions.offence("eve", NOW)).toBe(0);
    expect(offend(suspensions, 1, NOW + 1000)).toBe(0);
    expect(offend(suspensions, 1, NOW + 2000)).toBe(1000);
  });

  it("do not come when the offences are far apart", () => {
    const suspensions = new Suspensions(rules);
    for (let minute = 0; minute < 100; minute += 1) expect(suspensions.offence("eve", NOW + minute * 40_000)).toBe(0);
  });

  it("end by themselves, and grow with each repetition up to the longest", () => {
    const suspensions = new Suspensions(rules);
    let now = NOW;
    for (const expected of [1000, 2000, 4000, 5000, 5000]) {
      expect(offend(suspensions, 3, now)).toBe(expected);
      now += 2000;
      expect(suspensions.remaining("eve", now + expected - 1)).toBe(1);
      expect(suspensions.remaining("eve", now + expected)).toBe(0);
      now += expected + 60_000;
    }
  });

  it("are forgotten after a long time of good conduct", () => {
    const suspensions = new Suspensions(rules);
    expect(offend(suspensions, 3, NOW)).toBe(1000);
    const later = NOW + 3000 + rules.suspensionMemory + 1000;
    expect(offend(suspensions, 3, later)).toBe(1000);
    suspensions.prune(later + 2 * rules.suspensionMemory);
    expect(suspensions.size).toBe(0);
  });

  it("concern nobody else", () => {
    const suspensions = new Suspensions(rules);
    offend(suspensions, 3, NOW);
    expect(suspensions.remaining("ann", NOW + 2000)).toBe(0);
  });
});
