import { describe, expect, it } from "vitest";
import { firstPace, nextPace, type Pace } from "../../src/delivery/pace.js";

const RULES = { fastest: 100, slowest: 1000 };

/** The pace after so many rounds, each of which takes what `took` says of the interval. */
function after(rounds: number, took: (interval: number) => number, from: Pace = firstPace(RULES)): Pace {
  let pace = from;
  for (let left = rounds; left > 0; left -= 1) pace = nextPace(pace, took(pace.interval), RULES);
  return pace;
}

describe("S11: how far apart rounds are", () => {
  it("stays at the fastest while they are little work", () => {
    expect(after(100, () => 40).interval).toBe(100);
  });

  it("becomes twice what a round takes, step by step", () => {
    expect(after(1, () => 90).interval).toBe(180);
    expect(after(1, () => 5000).interval).toBe(200);
    expect(after(3, () => 300).interval).toBe(600);
  });

  it("leaves time for the round itself: nobody waits longer than the slowest for both", () => {
    for (const took of [350, 400, 450, 500]) expect(after(20, () => took).interval + took).toBe(1000);
    expect(after(20, () => 5000).interval).toBe(500);
  });

  it("comes back when the work is over, and not before ten calm rounds", () => {
    const slow = after(20, () => 5000);
    expect(after(9, () => 10, slow).interval).toBe(500);
    expect(after(10, () => 10, slow).interval).toBe(350);
    expect(after(100, () => 10, slow).interval).toBe(100);
  });

  it("does not swing: what was too much for one interval is not tried again at once", () => {
    const rest = after(5, () => 150);
    expect(rest.interval).toBe(300);
    expect(after(1000, () => 150, rest).interval).toBe(300);
    expect(after(1000, () => 100, rest).interval).toBe(300);
  });

  it("counts calm rounds anew after one that was not", () => {
    const slow = after(20, () => 5000);
    const interrupted = after(
      1,
      () => 240,
      after(9, () => 10, slow),
    );
    expect(after(9, () => 10, interrupted).interval).toBe(500);
  });
});
