import { describe, expect, it } from "vitest";
import { silentObserver } from "../../src/metrics/observer.js";
import { silentPresenceObserver } from "../../src/metrics/presence-observer.js";
import { createPrometheusObserver } from "../../src/metrics/prometheus.js";
import { World } from "../harness.js";
import { arrive, move, namesSeenBy, seenBy } from "./room-of-peers.js";

describe("who is told, and when (S6, S7, P3)", () => {
  it("whoever has no room is passed over, and gets only the newest when there is room again", async () => {
    const world = await World.create({ unsentBytes: 1000 });
    const [ann, bob] = [await arrive(world, "ann"), await arrive(world, "bob")];
    ann.submit(1, 0, [{ insert: "0123456789" }]);
    await world.quiet();
    const before = ann.all("presence").length;
    ann.bufferedBytes = 2000;
    for (let position = 0; position < 10; position += 1) {
      bob.say(move(position, 1));
      await world.quiet();
    }
    const cid = await arrive(world, "cid");
    cid.drop();
    await world.quiet();
    expect(ann.all("presence").length).toBe(before);
    ann.bufferedBytes = 0;
    await world.quiet();
    expect(ann.all("presence").length).toBe(before + 1);
    expect(seenBy(ann).get("bob-1")?.cursor).toEqual({ anchor: 9, head: 9, version: 1 });
    expect(namesSeenBy(ann)).toEqual(["ann", "bob"]);
  });

  it("whoever missed more than is remembered is told of everybody anew", async () => {
    const world = await World.create({ unsentBytes: 1000 });
    const ann = await arrive(world, "ann");
    const others = [];
    for (const name of ["bob", "cid", "dan", "eva", "fay"]) others.push(await arrive(world, name));
    ann.bufferedBytes = 2000;
    for (let turn = 0; turn < 220; turn += 1) {
      for (const other of others) other.say(move(0, 0, { activity: turn % 2 === 0 ? "viewing" : "editing" }));
      await world.clock.advance(100);
    }
    others[0]?.drop();
    ann.bufferedBytes = 0;
    await world.quiet();
    expect(ann.last("presence").all).toBe(true);
    expect(namesSeenBy(ann)).toEqual(["ann", "cid", "dan", "eva", "fay"]);
  });

  it("of more than ten moves a second the latest counts, and nobody is blamed", async () => {
    let dropped = 0;
    const presence = {
      ...silentPresenceObserver,
      dropped: (moves: number) => {
        dropped += moves;
      },
    };
    const world = await World.create({}, { observer: { ...silentObserver, presence }, rateLimits: true });
    const [ann, bob] = [await arrive(world, "ann"), await arrive(world, "bob")];
    ann.submit(1, 0, [{ insert: "x".repeat(500) }]);
    await world.quiet();
    const before = ann.all("presence").length;
    for (let position = 1; position <= 400; position += 1) {
      bob.say(move(position, 1));
      await world.clock.advance(5);
    }
    await world.quiet();
    expect(ann.all("presence").length - before).toBeGreaterThanOrEqual(18);
    expect(ann.all("presence").length - before).toBeLessThanOrEqual(25);
    expect(seenBy(ann).get("bob-1")?.cursor?.head).toBe(400);
    expect(dropped).toBeGreaterThan(370);
    expect([bob.errors(), bob.closedWith]).toEqual([[], undefined]);
  });

  it("what was said beside a cursor that is passed over still holds", async () => {
    const world = await World.create();
    const [ann, bob] = [await arrive(world, "ann"), await arrive(world, "bob")];
    for (let turn = 0; turn < 6; turn += 1) bob.say(move(0, 0, { activity: "viewing" }));
    bob.say(move(0, 0, { activity: "viewing", visibility: "hidden" }));
    bob.say(move(0, 0, { activity: "viewing" }));
    await world.clock.advance(1000);
    expect(namesSeenBy(ann)).toEqual(["ann"]);
  });

  it("while there is too much to do, nothing is told; then the newest", async () => {
    let memory = 0;
    const vitals = { takeEventLoopLag: () => 0, memoryBytes: () => memory };
    const world = await World.create({}, { vitals });
    const [ann, bob] = [await arrive(world, "ann"), await arrive(world, "bob")];
    const cid = await arrive(world, "cid");
    const before = ann.all("presence").length;
    bob.say(move(0, 0));
    memory = 800_000_000;
    world.server.guard.check();
    expect(world.server.guard.condition.shedding).toBe(1);
    // Where somebody is may be forgotten; that they don't want to be seen may not.
    cid.say(move(0, 0, { activity: "viewing", visibility: "hidden" }));
    await world.quiet();
    expect(ann.all("presence").length).toBe(before);
    memory = 0;
    await world.clock.advance(8000);
    expect(world.server.guard.condition.shedding).toBe(0);
    expect(seenBy(ann).get("bob-1")?.cursor).toEqual({ anchor: 0, head: 0, version: 0 });
    expect(namesSeenBy(ann)).toEqual(["ann", "bob"]);
  });

  it("is counted", async () => {
    const metrics = createPrometheusObserver();
    const world = await World.create({}, { observer: metrics });
    const [, bob] = [await arrive(world, "ann"), await arrive(world, "bob")];
    bob.say(move(0, 6));
    bob.say(move(0, 7));
    await world.quiet();
    const text = await metrics.text();
    const value = (name: string): number => Number(new RegExp(`^tutti_presence_${name} (\\S+)$`, "m").exec(text)?.[1]);
    const names = ["rooms", "entries", "moves_total", "dropped_total", "up", "restarts_total"];
    expect(names.map(value)).toEqual([1, 2, 2, 2, 1, 0]);
    expect(value("messages_total")).toBeGreaterThan(2);
  });
});

describe("whoever is not heard of (P3)", () => {
  it("is not shown after 30 s, looked for each 10 s, and is back with the next word", async () => {
    const world = await World.create();
    const [ann, bob] = [await arrive(world, "ann"), await arrive(world, "bob")];
    const keepAlive = async (seconds: number): Promise<void> => {
      for (let second = 0; second < seconds; second += 5) {
        ann.say({ type: "ping" });
        await world.clock.advance(5000);
      }
    };
    bob.say({ type: "ping" });
    await keepAlive(25);
    expect(namesSeenBy(ann)).toEqual(["ann", "bob"]);
    await keepAlive(15);
    expect(namesSeenBy(ann)).toEqual(["ann"]);
    bob.say({ type: "ping" });
    await world.clock.advance(100);
    expect(namesSeenBy(ann)).toEqual(["ann", "bob"]);
  });
});
