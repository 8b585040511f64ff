import { VirtualClock } from "@tutti/testkit";
import { describe, expect, it } from "vitest";
import { silentLog } from "../../src/log.js";
import { silentObserver } from "../../src/metrics/observer.js";
import { CheckQueue } from "../../src/vandalism/check-queue.js";
import type { ContentCheck } from "../../src/vandalism/content-check.js";
import { DEFAULT_VANDALISM } from "../../src/vandalism/rules.js";

function queueFor(check: ContentCheck["check"], checkQueue = 2) {
  const clock = new VirtualClock();
  const warnings: string[] = [];
  const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
  const rules = { ...DEFAULT_VANDALISM, checkPause: 10, checkQueue };
  const queue = new CheckQueue({ check: { check }, clock, log, observer: silentObserver, rules, flagged: () => {} });
  let version = 0;
  const write = (user: string): void => {
    version += 1;
    queue.note("doc", { version, client: user, user, time: clock.now(), operation: [{ insert: "x" }] });
  };
  return { clock, warnings, queue, write };
}

describe("the queue of the content check", () => {
  it("L4: says once that it is full, however the texts that still fit and those that don't take turns", async () => {
    const { clock, warnings, queue, write } = queueFor(() => undefined);
    for (let turn = 0; turn < 10; turn += 1) for (const user of ["ann", "bob", "cem"]) write(user);
    expect(queue.size).toBe(2);
    expect(warnings).toHaveLength(1);
    await clock.advance(1000);
    for (const user of ["ann", "bob", "cem"]) write(user);
    expect(warnings).toHaveLength(2);
  });

  it("L4: a signal belongs to one answer: stopping aborts the one that is waited for, and none that was given", async () => {
    const signals: AbortSignal[] = [];
    const { clock, queue, write } = queueFor((_passage, signal) => {
      signals.push(signal);
      if (signals.length === 1) throw new Error("no");
      return signals.length === 2 ? undefined : new Promise<undefined>(() => {});
    });
    for (const user of ["ann", "bob", "cem"]) {
      write(user);
      await clock.advance(100);
    }
    queue.stop();
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false, true]);
  });
});
