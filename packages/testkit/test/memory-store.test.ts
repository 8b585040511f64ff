import { type Append, type DocumentRecord, StoreError } from "@tutti/server";
import { beforeEach, describe, expect, test } from "vitest";
import { MemoryDisk, MemoryStore, type MemoryStoreFaults } from "../src/memory-store.js";
import { SeededRandom } from "../src/seeded-random.js";
import { VirtualClock } from "../src/virtual-clock.js";

let clock: VirtualClock;
let disk: MemoryDisk;

beforeEach(() => {
  clock = new VirtualClock(0);
  disk = new MemoryDisk();
  disk.createDocument(record("a"));
  disk.claim("a");
});

const record = (id: string): DocumentRecord => {
  return { id, title: "Notes", kind: "plain", identicalInserts: "merge", createdBy: "ada", createdAt: 0, updatedAt: 0 };
};

function open(faults: Partial<MemoryStoreFaults> = {}, seed = 1): MemoryStore {
  return new MemoryStore(disk, { clock, random: new SeededRandom(seed), ...faults });
}

function typing(version: number): Append {
  const stored = { version, client: "tab", sequence: version, user: "ada", time: 0, checksum: 0, operation: [] };
  return { document: "a", epoch: 1, operations: [stored] };
}

/** What became of a call so far. */
function watch(call: Promise<unknown>): { state: unknown } {
  const seen: { state: unknown } = { state: "pending" };
  call.then(
    (value) => {
      seen.state = value;
    },
    (error: unknown) => {
      seen.state = error instanceof StoreError ? error.code : error;
    },
  );
  return seen;
}

describe("time", () => {
  test("a call takes as long as the latency says, by the clock", async () => {
    const store = open({ latency: [20, 30] });
    const call = watch(store.append([typing(1)]));
    await clock.advance(19);
    expect(call.state).toBe("pending");
    await clock.advance(11);
    expect(call.state).toEqual(["stored"]);
  });

  test("slowness can begin and end at any time", async () => {
    const store = open({ latency: [1, 1] });
    store.setFaults({ latency: [5000, 5000] });
    const slow = watch(store.version("a"));
    await clock.advance(4999);
    expect(slow.state).toBe("pending");
    await clock.advance(1);
    expect(slow.state).toBe(0);
    store.setFaults({ latency: [0, 0] });
    const fast = watch(store.version("a"));
    await clock.advance(0);
    expect(fast.state).toBe(0);
  });

  test("appends are done and answered in order, although each takes its own time", async () => {
    const store = open({ latency: [0, 100] });
    const order: number[] = [];
    const outcomes: unknown[] = [];
    for (let version = 1; version <= 30; version += 1) {
      void store.append([typing(version)]).then(([outcome]) => {
        order.push(version);
        outcomes.push(outcome);
      });
    }
    await clock.runUntilIdle();
    expect(order).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect(new Set(outcomes)).toEqual(new Set(["stored"]));
  });

  test("a read may overtake an append that it was called after", async () => {
    const seen = new Set<unknown>();
    for (let seed = 1; seed <= 20; seed += 1) {
      const before = disk.version("a");
      const store = open({ latency: [0, 10] }, seed);
      void store.append([typing(before + 1)]);
      const read = watch(store.version("a"));
      await clock.runUntilIdle();
      seen.add(Number(read.state) - before);
    }
    expect(seen).toEqual(new Set([0, 1]));
  });
});

describe("failures", () => {
  test("failNext rejects so many calls with unavailable, stores nothing, then all is well", async () => {
    const store = open();
    store.failNext(2);
    const calls = [store.append([typing(1)]), store.version("a"), store.append([typing(1)])].map(watch);
    await clock.runUntilIdle();
    expect(calls.map(({ state }) => state)).toEqual(["unavailable", "unavailable", ["stored"]]);
    expect(disk.version("a")).toBe(1);
  });

  test("failNext can be for one method only", async () => {
    const store = open();
    store.failNext(1, "append");
    const calls = [store.version("a"), store.append([typing(1)]), store.append([typing(1)])].map(watch);
    await clock.runUntilIdle();
    expect(calls.map(({ state }) => state)).toEqual([0, "unavailable", ["stored"]]);
  });

  test("a failure rate fails about so many calls, the same ones for the same seed", async () => {
    const run = async (): Promise<readonly unknown[]> => {
      const store = open({ failureRate: 0.3 }, 42);
      const calls = Array.from({ length: 500 }, () => watch(store.version("a")));
      await clock.runUntilIdle();
      return calls.map(({ state }) => state);
    };
    const [first, second] = [await run(), await run()];
    expect(second).toEqual(first);
    const failed = first.filter((state) => state === "unavailable").length;
    expect(failed).toBeGreaterThan(100);
    expect(failed).toBeLessThan(200);
  });
});

describe("crash", () => {
  test("what was acknowledged is on the disk; a new handle goes on", async () => {
    const store = open();
    const call = watch(store.append([typing(1)]));
    await clock.runUntilIdle();
    store.crash();
    expect(call.state).toEqual(["stored"]);
    const next = open();
    const calls = [next.version("a"), next.claim("a")].map(watch);
    await clock.runUntilIdle();
    expect(calls.map(({ state }) => state)).toEqual([1, 2]);
  });

  test("of what was under way a first part is durable, by chance; none of it is ever answered", async () => {
    const kept = new Set<number>();
    for (let seed = 1; seed <= 60; seed += 1) {
      const before = disk.version("a");
      const store = open({ latency: [10, 20] }, seed);
      const calls = [1, 2, 3].map((next) => watch(store.append([typing(before + next)])));
      await clock.advance(seed % 12);
      const answered = calls.filter(({ state }) => state !== "pending").length;
      store.crash();
      const durable = disk.version("a") - before;
      expect(durable).toBeGreaterThanOrEqual(answered);
      await clock.runUntilIdle();
      expect(disk.version("a") - before).toBe(durable);
      expect(calls.filter(({ state }) => state !== "pending")).toHaveLength(answered);
      kept.add(durable);
    }
    expect(kept).toEqual(new Set([0, 1, 2, 3]));
  });

  test("a dead handle answers nothing and changes nothing; closing it is harmless", async () => {
    const store = open();
    store.crash();
    const calls = [store.append([typing(1)]), store.version("a")].map(watch);
    await clock.runUntilIdle();
    expect(calls.map(({ state }) => state)).toEqual(["pending", "pending"]);
    expect(disk.version("a")).toBe(0);
    await store.close();
  });
});

describe("torn batches", () => {
  test("after a crash some documents of a batch are stored and others are not, each of them whole", async () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 80; seed += 1) {
      disk = new MemoryDisk();
      for (const id of ["a", "b", "c"]) {
        disk.createDocument(record(id));
        disk.claim(id);
      }
      const store = open({ tornBatches: true }, seed);
      const both = [...typing(1).operations, ...typing(2).operations];
      void store.append(["a", "b", "c"].map((document) => ({ document, epoch: 1, operations: both })));
      store.crash();
      seen.add(["a", "b", "c"].map((id) => disk.version(id)).join(" "));
    }
    expect(seen.size).toBe(8);
    expect([...seen].every((versions) => /^[02] [02] [02]$/.test(versions))).toBe(true);
  });
});

describe("syncs that lie", () => {
  test("a crash takes back what was acknowledged since the last true one: a test that looks for it finds it", async () => {
    const store = open({ lostSyncRate: 0 });
    const acknowledged = [watch(store.append([typing(1)]))];
    await clock.runUntilIdle();
    store.setFaults({ lostSyncRate: 1 });
    acknowledged.push(watch(store.append([typing(2)])), watch(store.append([typing(3)])));
    await clock.runUntilIdle();
    expect(acknowledged.map(({ state }) => state)).toEqual([["stored"], ["stored"], ["stored"]]);
    expect(disk.version("a")).toBe(3);
    store.crash();
    expect(disk.version("a")).toBe(1);
    expect(disk.document("a")).toEqual(record("a"));
  });

  test("the next true sync makes everything durable", async () => {
    const store = open({ lostSyncRate: 1 });
    void store.append([typing(1)]);
    await clock.runUntilIdle();
    store.setFaults({ lostSyncRate: 0 });
    void store.append([typing(2)]);
    await clock.runUntilIdle();
    store.crash();
    expect(disk.version("a")).toBe(2);
  });
});
