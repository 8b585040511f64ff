import { MemoryDisk, MemoryStore, SeededRandom, VirtualClock } from "@tutti/testkit";
import { describe, expect, it } from "vitest";
import type { Log } from "../../src/log.js";
import { RetentionSchedule } from "../../src/retention-schedule.js";

const HOUR = 3_600_000;

function scheduled(every: number) {
  const clock = new VirtualClock();
  const store = new MemoryStore(new MemoryDisk(), { clock, random: new SeededRandom(1) });
  const said: string[] = [];
  const note = (message: string): void => {
    said.push(message);
  };
  const log: Log = { info: note, warn: note, error: note };
  const schedule = new RetentionSchedule({ clock, log, every, retention: { store, now: () => clock.now() } });
  return { clock, store, said, schedule };
}

describe("H3: retention in a running server", () => {
  it("runs soon after the start, and then at its interval", async () => {
    const { clock, said } = scheduled(24 * HOUR);
    await clock.advance(HOUR / 2);
    expect(said).toEqual(["retention is done"]);
    await clock.advance(23 * HOUR);
    expect(said).toHaveLength(1);
    await clock.advance(HOUR);
    expect(said).toHaveLength(2);
  });

  it("goes on after a failure", async () => {
    const { clock, store, said } = scheduled(HOUR);
    store.failNext(1);
    await clock.advance(2 * HOUR);
    expect(said).toEqual(["retention was given up; the next run goes on", "retention is done"]);
  });

  it("can be switched off, and stops with the server", async () => {
    const never = scheduled(0);
    await never.clock.advance(100 * HOUR);
    const stopped = scheduled(HOUR);
    await stopped.schedule.stop();
    await stopped.clock.advance(100 * HOUR);
    expect([never.said, stopped.said]).toEqual([[], []]);
  });
});
