import { describe, expect, it } from "vitest";
import { type Fault, NO_FAULTS, type Outcome, type Plan, simulate } from "../src/index.js";

const SEEDS = 15;

interface Run extends Outcome {
  /** Server processes that were started. */
  readonly starts: number;
}

/** Runs seeds in which only these faults strike, so that what they do is not hidden by a restart. */
async function runs(faults: Partial<Record<Fault, number>>, plan: Partial<Plan> = {}): Promise<readonly Run[]> {
  const found: Run[] = [];
  for (let seed = 0; seed < SEEDS; seed += 1) {
    let starts = 0;
    const outcome = await simulate({
      seed,
      plan: { calmStart: true, homecoming: false, ...plan, faults: { ...NO_FAULTS, ...faults } },
      listener: ({ event }) => {
        if (event === "starts") starts += 1;
      },
    });
    found.push({ ...outcome, starts });
  }
  return found;
}

function expectRecovery(found: readonly Run[], fault: Fault): void {
  expect(found.flatMap(({ seed, violations }) => violations.map((violation) => ({ seed, ...violation })))).toEqual([]);
  expect(found.reduce((sum, { struck }) => sum + (struck.get(fault) ?? 0), 0)).toBeGreaterThan(SEEDS);
}

describe("storage that fails, without a restart: edits kept, 'Saved' never said too early, all recovers", () => {
  for (const fault of ["full disk", "storage failure", "slow storage", "lost answers"] as const) {
    it(fault, async () => {
      const found = await runs({ [fault]: 0.5 });
      expectRecovery(found, fault);
      expect(found.every(({ starts }) => starts === 1)).toBe(true);
    });
  }

  it("all of them at once", async () => {
    const found = await runs({ "full disk": 0.3, "storage failure": 0.3, "slow storage": 0.3, "lost answers": 0.3 });
    expectRecovery(found, "full disk");
    expect(found.every(({ starts }) => starts === 1)).toBe(true);
  });
});

describe("a machine that loses its power: what was not synced is lost or torn, what was acknowledged is not", () => {
  it("while syncs are slow", async () => {
    const found = await runs({ "power loss": 0.7 }, { syncLatency: [50, 500], pause: 100 });
    expectRecovery(found, "power loss");
    expect(found.reduce((sum, { lostWrites }) => sum + lostWrites, 0)).toBeGreaterThan(SEEDS);
  });

  it("after processes crashed, with a disk that fills up", async () => {
    const found = await runs({ "power loss": 0.4, "server crash": 0.4, "full disk": 0.3 }, { syncLatency: [5, 200] });
    expectRecovery(found, "power loss");
  });
});
