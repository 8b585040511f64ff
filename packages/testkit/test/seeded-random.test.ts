import { describe, expect, it } from "vitest";
import { SeededRandom } from "../src/index.js";

const draw = (random: SeededRandom, count: number): number[] => Array.from({ length: count }, () => random.next());

describe("SeededRandom", () => {
  it("repeats itself for one seed and differs for another", () => {
    expect(draw(new SeededRandom(7), 50)).toEqual(draw(new SeededRandom(7), 50));
    expect(draw(new SeededRandom(7), 50)).not.toEqual(draw(new SeededRandom(8), 50));
  });

  it("is evenly distributed", () => {
    const random = new SeededRandom(1);
    const counts = Array.from({ length: 10 }, () => 0);
    for (let round = 0; round < 100_000; round += 1) {
      const bin = random.integer(10);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    // Chi-squared with nine degrees of freedom: 27.9 is the 0.1 % quantile.
    expect(counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(27.9);
  });

  it("forks by name, whatever was drawn before", () => {
    const early = new SeededRandom(3).fork("network");
    const late = new SeededRandom(3);
    draw(late, 100);
    expect(draw(late.fork("network"), 10)).toEqual(draw(early, 10));
    expect(draw(late.fork("disk"), 10)).not.toEqual(draw(late.fork("network"), 10));
  });
});
