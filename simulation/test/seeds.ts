import { expect, it } from "vitest";
import { simulate } from "../src/index.js";

const BATCH = 100;

/** One test for each hundred seeds of [from, from + count). A seed that fails is named, with its last events. */
export function testSeeds(from: number, count: number): void {
  for (let first = from; first < from + count; first += BATCH) {
    const last = Math.min(first + BATCH, from + count) - 1;
    it(`seeds ${first} to ${last}`, { timeout: 120_000 }, async () => {
      let commits = 0;
      for (let seed = first; seed <= last; seed += 1) commits += await testSeed(seed);
      expect(commits, "hardly anything happened").toBeGreaterThan(20 * (last - first));
    });
  }
}

async function testSeed(seed: number): Promise<number> {
  const { violations, tail, commits } = await simulate({ seed });
  if (violations.length > 0) {
    const broken = violations.slice(0, 10).map(({ promise, message }) => `${promise}: ${message}`);
    const replay = `npm run simulate -- --seed ${seed}`;
    expect.fail([`seed ${seed} (${replay})`, ...broken, "its last events:", ...tail].join("\n"));
  }
  return commits;
}
