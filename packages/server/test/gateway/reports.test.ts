import { describe, expect, it } from "vitest";
import type { LogFields } from "../../src/log.js";
import { createPrometheusObserver } from "../../src/metrics/prometheus.js";
import { World } from "../harness.js";

const REPORT = {
  type: "report",
  document: "doc",
  client: "ann-1",
  version: 7,
  expected: 1,
  actual: 2,
  details: '{"engine":1}',
} as const;

async function worldWithLog(rateLimits: boolean) {
  const warnings: (LogFields | undefined)[] = [];
  const log = {
    info() {},
    error() {},
    warn: (message: string, fields?: LogFields) => void (message === "a client diverged" && warnings.push(fields)),
  };
  const world = await World.create({}, { log, rateLimits });
  return { world, warnings, ann: await world.join("ann") };
}

describe("a client that diverged (C6)", () => {
  it("is noted with what it takes to reproduce it; there is no answer", async () => {
    const { world, warnings, ann } = await worldWithLog(true);
    const before = ann.received.length;
    ann.say(REPORT);
    await world.quiet();
    const { type: _type, ...fields } = REPORT;
    expect(warnings).toEqual([{ ...fields, user: "ann" }]);
    expect(ann.received).toHaveLength(before);
  });

  it("is noted ten times a minute at most", async () => {
    const { world, warnings, ann } = await worldWithLog(true);
    for (let count = 0; count < 15; count += 1) ann.say(REPORT);
    await world.quiet();
    expect(warnings).toHaveLength(10);
    for (let seconds = 0; seconds < 70; seconds += 10) {
      ann.say({ type: "ping" });
      await world.quiet(10_000);
    }
    ann.say({ ...REPORT, version: 8 });
    await world.quiet();
    expect(warnings).toHaveLength(11);
    expect(ann.errors()).toEqual([]);
  });

  it("is believed only of a document that it has open", async () => {
    const { world, warnings, ann } = await worldWithLog(false);
    ann.say({ ...REPORT, document: "another" });
    await world.quiet();
    expect([warnings, ann.errors()]).toEqual([[], []]);
  });

  it("is counted", async () => {
    const observer = createPrometheusObserver();
    observer.diverged();
    expect(await observer.text()).toContain("tutti_divergences_total 1");
  });
});
