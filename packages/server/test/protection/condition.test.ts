import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Condition, isReady, isServing, next, normal, type Signals } from "../../src/protection/condition.js";
import { DEFAULT_PROTECTION } from "../../src/protection/defaults.js";

const rules = {
  ...DEFAULT_PROTECTION,
  storageQueue: 1000,
  queuedBytes: 1000,
  eventLoopLag: 100,
  memoryBytes: 1000,
  calm: 5000,
};
const calm: Signals = {
  commitTime: 5,
  failedCommits: 0,
  failedReads: 0,
  queuedOperations: 0,
  queuedBytes: 0,
  eventLoopLag: 0,
  memoryBytes: 0,
  stopping: false,
};

/** Time in milliseconds, what is not calm then, and what must follow. */
type Row = readonly [
  at: number,
  signals: Partial<Signals>,
  level: number,
  shedding: number,
  reasons: readonly string[],
];

const TABLE: Readonly<Record<string, readonly Row[]>> = {
  "all is well": [[0, {}, 0, 0, []]],
  "storage is slow: level 1, and back after a time of calm": [
    [0, { commitTime: 1000 }, 1, 0, ["storage_slow"]],
    [1000, {}, 1, 0, ["storage_slow"]],
    [5999, {}, 1, 0, ["storage_slow"]],
    [6000, {}, 0, 0, []],
  ],
  "hysteresis: just below the limit is not calm yet": [
    [0, { commitTime: 1000 }, 1, 0, ["storage_slow"]],
    [5000, { commitTime: 900 }, 1, 0, ["storage_slow"]],
    [15_000, { commitTime: 900 }, 1, 0, ["storage_slow"]],
    [16_000, { commitTime: 700 }, 1, 0, ["storage_slow"]],
    [21_000, { commitTime: 700 }, 0, 0, []],
  ],
  "calm begins anew after each relapse": [
    [0, { commitTime: 1000 }, 1, 0, ["storage_slow"]],
    [3000, {}, 1, 0, ["storage_slow"]],
    [4000, { commitTime: 1000 }, 1, 0, ["storage_slow"]],
    [8500, {}, 1, 0, ["storage_slow"]],
    [13_499, {}, 1, 0, ["storage_slow"]],
    [13_500, {}, 0, 0, []],
  ],
  "one failed commit: level 1; three in a row: read-only; a success ends it at once": [
    [0, { failedCommits: 1 }, 1, 0, ["storage_failing"]],
    [500, { failedCommits: 3 }, 3, 0, ["storage_failing"]],
    [9000, { failedCommits: 7 }, 3, 0, ["storage_failing"]],
    [9500, {}, 1, 0, []],
    [10_000, {}, 1, 0, []],
    [15_000, {}, 0, 0, []],
  ],
  "S7: shedding goes in its order": [
    [0, { queuedOperations: 499 }, 0, 0, []],
    [500, { queuedOperations: 500 }, 2, 1, ["storage_queue"]],
    [1000, { queuedOperations: 650 }, 2, 2, ["storage_queue"]],
    [1500, { queuedOperations: 800 }, 2, 3, ["storage_queue"]],
    [2000, { queuedOperations: 1000 }, 2, 4, ["storage_queue"]],
    [2500, { queuedOperations: 100 }, 2, 4, ["storage_queue"]],
    [7500, { queuedOperations: 100 }, 0, 0, []],
  ],
  "memory, the event loop and queued bytes count like queues": [
    [0, { memoryBytes: 1000 }, 2, 4, ["memory"]],
    [5000, { memoryBytes: 500, eventLoopLag: 80 }, 2, 4, ["event_loop", "memory"]],
    [20_000, { queuedBytes: 600 }, 2, 4, ["queued_bytes"]],
    [25_000, { queuedBytes: 600 }, 2, 2, ["queued_bytes"]],
  ],
  "the end of the process: level 4": [[0, { stopping: true }, 4, 0, ["stopping"]]],
  "nothing can be read: level 5, whatever else": [
    [0, { failedReads: 3, failedCommits: 3, stopping: true }, 5, 0, ["stopping", "reads_failing", "storage_failing"]],
    [500, { failedCommits: 3 }, 5, 0, ["storage_failing"]],
    [5500, { failedCommits: 3 }, 3, 0, ["storage_failing"]],
  ],
};

describe("S8: the degradation levels", () => {
  for (const [name, rows] of Object.entries(TABLE)) {
    it(name, () => {
      let condition = normal(0);
      for (const [at, signals, level, shedding, reasons] of rows) {
        condition = next(condition, { ...calm, ...signals }, at, rules);
        expect([at, condition.level, condition.shedding, condition.reasons]).toEqual([at, level, shedding, reasons]);
      }
    });
  }

  it("say since when", () => {
    const slow = next(normal(0), { ...calm, commitTime: 2000 }, 700, rules);
    expect(slow.since).toBe(700);
    expect(next(slow, { ...calm, commitTime: 2000 }, 900, rules).since).toBe(700);
  });

  it("200 while people can work here, if only by reading; newcomers only while all can be done", () => {
    const at = (level: number, shedding = 0) => ({ level, shedding }) as Condition;
    expect([0, 1, 2, 3, 4, 5].map((level) => isServing(at(level)))).toEqual([true, true, true, true, false, false]);
    expect([0, 1, 2, 3, 4, 5].map((level) => isReady(at(level)))).toEqual([true, true, true, false, false, false]);
    expect(isReady(at(2, 4))).toBe(false);
  });

  const signals = fc.record({
    commitTime: fc.integer({ min: 0, max: 3000 }),
    failedCommits: fc.integer({ min: 0, max: 5 }),
    failedReads: fc.integer({ min: 0, max: 5 }),
    queuedOperations: fc.integer({ min: 0, max: 1500 }),
    queuedBytes: fc.integer({ min: 0, max: 1500 }),
    eventLoopLag: fc.integer({ min: 0, max: 200 }),
    memoryBytes: fc.integer({ min: 0, max: 1500 }),
    stopping: fc.boolean(),
  });

  it("from any history: never better than the signals, and normal after a time of calm", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(signals, fc.integer({ min: 1, max: 8000 }))), (history) => {
        let condition = normal(0);
        let now = 0;
        for (const [signal, pause] of history) {
          now += pause;
          condition = next(condition, signal, now, rules);
          const fresh = next(normal(now), signal, now, rules);
          expect(condition.level).toBeGreaterThanOrEqual(fresh.level);
          expect(condition.shedding).toBeGreaterThanOrEqual(fresh.shedding);
        }
        // A look that notes the calm, one for what read-only mode leaves behind, one after the calm.
        for (const pause of [500, 500, 5000]) {
          now += pause;
          condition = next(condition, calm, now, rules);
        }
        expect(condition).toMatchObject({ level: 0, shedding: 0, reasons: [] });
      }),
    );
  });
});
