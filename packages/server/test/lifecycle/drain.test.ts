import { CLOSE_CODES } from "@tutti/protocol";
import { describe, expect, it } from "vitest";
import { reconnectTimes } from "../../src/gateway/reconnect-times.js";
import { type Peer, World } from "../harness.js";

const WINDOW = 60_000;

const type = (peer: Peer, text: string, sequence = 1): void => peer.submit(sequence, 0, [{ insert: text }]);
const goodbyeOf = (peer: Peer) => ({ error: peer.last("failed").error, closed: peer.closedWith?.code });

describe("S9: a drain", () => {
  it("answers what is in flight before it says goodbye", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    world.store.setFaults({ latency: [2000, 2000] });
    type(ann, "last words");
    const drained = world.server.drain({ window: WINDOW });
    await world.quiet(1000);
    expect(ann.closedWith).toBeUndefined();
    await world.done(drained);
    const types = ann.received.map((message) => message.type);
    expect(types.indexOf("committed")).toBeLessThan(types.indexOf("failed"));
    expect(goodbyeOf(ann)).toMatchObject({
      error: { code: "shutting_down", retry: true },
      closed: CLOSE_CODES.goingAway,
    });
    expect(world.disk.version("doc")).toBe(1);
  });

  it("takes nothing new: no newcomer, no document, no edit", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    world.store.setFaults({ latency: [2000, 2000] });
    type(ann, "a");
    const drained = world.server.drain({ window: WINDOW });
    type(ann, "b", 2);
    ann.say({ type: "open", document: "doc", client: "ann-2" });
    const late = world.connect();
    expect(goodbyeOf(late)).toMatchObject({ error: { code: "shutting_down", retryAfter: 5000 }, closed: 1001 });
    await world.done(drained);
    expect(ann.errors()).toContain("shutting_down");
    expect(ann.errors()).not.toContain("unexpected_message");
    world.restart();
    const again = await world.join("ann");
    expect(again.last("opened")).toMatchObject({ version: 1, content: [{ insert: "a" }] });
  });

  it("stores a snapshot of every open document", async () => {
    const world = await World.create();
    type(await world.join("ann"), "a");
    await world.quiet();
    expect(world.disk.snapshot("doc", 9)).toBeUndefined();
    await world.done(world.server.drain({ window: WINDOW }));
    expect(world.disk.snapshot("doc", 9)).toMatchObject({ version: 1 });
  });

  it("ends at once when nobody is here", async () => {
    const world = await World.create();
    const before = world.clock.now();
    await world.done(world.server.drain({ window: WINDOW }));
    expect(world.clock.now() - before).toBe(0);
  });

  it("waits for storage no longer than the window", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    world.store.setFaults({ latency: [100_000, 100_000] });
    type(ann, "slow");
    void world.server.drain({ window: 10_000 });
    await world.quiet(9999);
    expect(ann.closedWith).toBeUndefined();
    await world.quiet(1);
    expect(ann.closedWith).toBeDefined();
  });

  it("in a hurry waits for nobody and leaves snapshots out, but what was acknowledged is there", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    type(ann, "a");
    await world.quiet();
    world.store.setFaults({ latency: [5000, 5000] });
    ann.submit(2, 1, [{ insert: "b" }]);
    await world.quiet(10);
    await world.done(world.server.drain({ window: WINDOW, hurry: Promise.resolve() }));
    expect(ann.closedWith).toBeDefined();
    expect(world.disk.snapshot("doc", 9)).toBeUndefined();
    expect(world.disk.version("doc")).toBe(2);
  });
});

describe("S9: the times at which clients come back", () => {
  it("are spread evenly, over as much of the window as there are clients for", () => {
    // A fifth of what the server lets in is left for others: 20 a second.
    expect(reconnectTimes(4, WINDOW, 25)).toEqual([50, 100, 150, 200]);
    const many = reconnectTimes(6000, WINDOW, 25);
    expect([many[0], many[2999], many[5999]]).toEqual([10, 30_000, 60_000]);
    expect(reconnectTimes(3, 0, 25)).toEqual([0, 0, 0]);
    expect(reconnectTimes(0, WINDOW, 25)).toEqual([]);
  });

  it("differ from client to client", async () => {
    const world = await World.create({}, { protection: { admissionsPerSecond: 25 } });
    const peers = await Promise.all(["ann", "bob", "cid"].map((name) => world.join(name)));
    await world.done(world.server.drain({ window: WINDOW }));
    expect(peers.map((peer) => peer.last("failed").error.retryAfter)).toEqual([50, 100, 150]);
  });
});
