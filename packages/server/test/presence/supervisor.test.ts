import type { Clock } from "@tutti/protocol";
import { VirtualClock } from "@tutti/testkit";
import { describe, expect, it } from "vitest";
import { silentLog } from "../../src/log.js";
import { silentPresenceObserver } from "../../src/metrics/presence-observer.js";
import { Supervisor } from "../../src/presence/supervisor.js";

/** A service that says its number every two seconds. */
function counting(clock: VirtualClock) {
  const said: number[] = [];
  let lives = 0;
  const rules = { restart: 1000, longestRestart: 60_000 };
  const supervisor = new Supervisor<{ readonly life: number }>(
    { clock, log: silentLog, observer: silentPresenceObserver, rules },
    {
      start(inside: Clock) {
        lives += 1;
        const life = lives;
        const say = (): void => {
          said.push(life);
          inside.schedule(2000, say);
        };
        inside.schedule(2000, say);
        return { life };
      },
      restarted: () => undefined,
      failed: () => undefined,
    },
  );
  return { said, supervisor };
}

describe("the supervisor of a service", () => {
  it("runs nothing of a service that has failed, though another one has taken its place", async () => {
    const clock = new VirtualClock();
    const { said, supervisor } = counting(clock);
    await clock.advance(2500);
    supervisor.fail(new Error("enough"));
    // What it had planned would be due after the other one has started, at 4 s.
    await clock.advance(5500);
    expect(said).toEqual([1, 2, 2]);
  });

  it("tells nobody of a second failure of the same life", async () => {
    const clock = new VirtualClock();
    const { said, supervisor } = counting(clock);
    supervisor.fail(new Error("once"));
    supervisor.fail(new Error("twice"));
    expect(supervisor.run(() => "ran")).toBeUndefined();
    await clock.advance(3100);
    expect(said).toEqual([2]);
    expect(supervisor.run(({ life }) => life)).toBe(2);
  });

  it("ends for good when it is stopped, also while it waits to start again", async () => {
    const clock = new VirtualClock();
    const { said, supervisor } = counting(clock);
    supervisor.fail(new Error("enough"));
    supervisor.stop();
    await clock.advance(10_000);
    expect([said, supervisor.life]).toEqual([[], 0]);
  });
});
