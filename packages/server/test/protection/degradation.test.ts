import { describe, expect, it } from "vitest";
import type { Protection } from "../../src/protection/defaults.js";
import { type Peer, World } from "../harness.js";

const levels = (peer: Peer): readonly number[] => peer.all("pong").map(({ level }) => level ?? 0);
const quick: Partial<Protection> = { storageQueue: 100, documentWindow: 10, documentQueue: 1000 };

/** Sends one operation and answers with what came of it. */
async function submit(world: World, peer: Peer, sequence: number, wait = 100): Promise<string> {
  const before = peer.received.length;
  peer.submit(sequence, 0, [{ insert: "x" }]);
  await world.clock.advance(wait);
  const answer = peer.received.slice(before).find(({ type }) => type === "committed" || type === "rejected");
  return answer?.type === "rejected" ? answer.error.code : (answer?.type ?? "nothing");
}

describe("S8: storage fails", () => {
  it("level 1, then read-only; clients hear of it; when storage is back all is normal again, and nothing is lost", async () => {
    const world = await World.create({}, { identicalInserts: "keep" });
    const { guard } = world.server;
    const ann = await world.join("ann");
    expect(await submit(world, ann, 1)).toBe("committed");

    world.store.setFaults({ failureRate: 1 });
    let level = 0;
    for (let second = 0; second < 30 && level < 3; second += 1) {
      expect(await submit(world, ann, 2, 1000)).toBe("storage_unavailable");
      level = guard.condition.level;
    }
    expect(guard.condition.level).toBeGreaterThanOrEqual(3);
    expect(guard.condition.reasons).toContain("storage_failing");
    expect(levels(ann)).toContain(1);
    expect(levels(ann).at(-1)).toBe(guard.condition.level);
    expect(ann.last("rejected").error).toMatchObject({ retry: true });

    world.store.setFaults({ failureRate: 0 });
    let answer = "";
    for (let second = 0; second < 40 && answer !== "committed"; second += 1) answer = await submit(world, ann, 2, 1000);
    expect(answer).toBe("committed");
    await world.clock.advance(15_000);
    expect(guard.condition).toMatchObject({ level: 0, reasons: [] });
    expect(levels(ann).at(-1)).toBe(0);
    expect(await submit(world, ann, 3)).toBe("committed");
    const { content } = await world.done(world.server.documents.contentAt("doc", undefined));
    expect(content.text()).toBe("xxx");
  });

  it("whoever comes meanwhile is told at once", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    world.store.setFaults({ latency: [3000, 3000] });
    ann.submit(1, 0, [{ insert: "x" }]);
    await world.clock.advance(2000);
    expect(world.server.guard.condition).toMatchObject({ level: 1, reasons: ["storage_slow"] });
    const bob = world.connect();
    bob.say({ type: "hello", token: "bob" });
    await world.quiet();
    expect(levels(bob)).toEqual([1]);
    await world.clock.advance(10_000);
    expect([levels(bob).at(-1), levels(ann).at(-1)]).toEqual([0, 0]);
  });
});

describe("S7: too much to do", () => {
  it("is shed in its order; clients are told to slow down; S10: newcomers are turned away; all comes back by itself", async () => {
    const world = await World.create({}, { protection: quick });
    const { guard, documents } = world.server;
    const [ann, eve] = [await world.join("ann"), await world.join("eve")];
    world.store.setFaults({ latency: [4000, 4000] });
    for (let sequence = 1; sequence <= 120; sequence += 1) eve.submit(sequence, 0, [{ insert: "x" }]);
    await world.clock.advance(1000);
    expect(guard.condition).toMatchObject({ level: 2, shedding: 4 });
    expect(eve.all("rejected").every(({ error }) => error.code === "overloaded" && error.retry)).toBe(true);
    expect(ann.last("pong")).toMatchObject({ level: 2, pace: 500 });

    const before = ann.all("presence").length;
    eve.say({ type: "move", document: "doc", cursor: { anchor: 0, head: 0, version: 0 } });
    await world.clock.advance(500);
    expect(ann.all("presence")).toHaveLength(before);
    expect(() => guard.readHistory()).toThrow(expect.objectContaining({ code: "overloaded" }));
    expect(() => guard.admit(undefined)).toThrow(expect.objectContaining({ code: "overloaded" }));
    const late = world.connect();
    late.say({ type: "hello", token: "late" });
    late.say({ type: "open", document: "doc", client: "late-1" });
    await world.clock.advance(100);
    expect(late.last("closed").error).toMatchObject({ code: "overloaded", retry: true });

    world.store.setFaults({ latency: [1, 5] });
    await world.clock.advance(30_000);
    expect(guard.condition).toMatchObject({ level: 0, shedding: 0 });
    expect(() => guard.admit(undefined)).not.toThrow();
    expect(world.disk.version("doc")).toBe(120 - eve.all("rejected").length);
    expect(documents.loaded("doc")?.version).toBe(world.disk.version("doc"));
  });

  it("S10: newcomers are asked to come back at different times", async () => {
    const world = await World.create({}, { vitals: { takeEventLoopLag: () => 10_000, memoryBytes: () => 0 } });
    const { guard } = world.server;
    guard.check();
    const times = Array.from({ length: 50 }, () => {
      try {
        guard.admit(undefined);
        return 0;
      } catch (error) {
        return (error as { retryAfter: number }).retryAfter;
      }
    });
    expect(Math.min(...times)).toBeGreaterThanOrEqual(1000);
    expect(Math.max(...times)).toBeLessThanOrEqual(10_000);
    expect(new Set(times).size).toBeGreaterThan(40);
  });

  it("one person's keystroke does not wait behind another's flood", async () => {
    const world = await World.create({}, { protection: { documentWindow: 20 } });
    const [ann, eve] = [await world.join("ann"), await world.join("eve")];
    world.store.setFaults({ latency: [100, 100] });
    for (let sequence = 1; sequence <= 500; sequence += 1) eve.submit(sequence, 0, [{ insert: "x" }]);
    await world.clock.advance(50);
    ann.submit(1, 0, [{ insert: "a" }]);
    await world.clock.runUntil(
      () => ann.all("committed").some(({ changes }) => changes.some((c) => c.client === "ann-1")),
      1000,
    );
    expect(world.disk.version("doc")).toBeLessThanOrEqual(60);
    await world.clock.advance(10_000);
    expect(world.disk.version("doc")).toBe(501);
    expect(eve.errors()).toEqual([]);
  });

  it("memory that fills closes the door, and opens it when there is room again", async () => {
    let memory = 2_000_000_000;
    const vitals = { takeEventLoopLag: () => 0, memoryBytes: () => memory };
    const world = await World.create({}, { vitals });
    const { guard } = world.server;
    expect(guard.check()).toMatchObject({ level: 2, shedding: 4, reasons: ["memory"] });
    memory = 100_000_000;
    guard.check();
    await world.clock.advance(5000);
    expect(guard.check()).toMatchObject({ level: 0, shedding: 0 });
  });
});
