import { describe, expect, it } from "vitest";
import { type Fault, NO_FAULTS, type Plan, simulate } from "../src/index.js";

const SEEDS = 8;

/** Runs seeds in which only this strikes, so that nothing else hides what it does. */
async function expectHarmless(fault: Fault, plan: Partial<Plan> = {}): Promise<void> {
  let struck = 0;
  for (let seed = 0; seed < SEEDS; seed += 1) {
    const offline = { latency: [1, 40], tears: false, locks: true } as const;
    const faults = { ...NO_FAULTS, [fault]: 0.6 };
    const outcome = await simulate({ seed, plan: { calmStart: true, homecoming: true, offline, ...plan, faults } });
    expect({ seed, violations: outcome.violations }).toEqual({ seed, violations: [] });
    struck += outcome.struck.get(fault) ?? 0;
  }
  expect(struck, "hardly anything happened").toBeGreaterThan(SEEDS);
}

describe("what happens to a tab: nothing stored is lost, nothing doubled, every word of the status true", () => {
  const faults = [
    "tab crash",
    "reload offline",
    "duplicate tab",
    "long offline",
    "storage refused",
    "storage full",
    "storage breaks",
    "wrong transforms",
  ] as const;
  it.each(faults)("%s", { timeout: 30_000 }, (fault) => expectHarmless(fault));

  it("sign-in fails, tokens expire", { timeout: 30_000 }, () => expectHarmless("sign-in fails", { tokenLife: 3000 }));

  it("records torn in a crash", { timeout: 30_000 }, () =>
    expectHarmless("tab crash", { offline: { latency: [1, 40], tears: true, locks: true } }),
  );
});
