import { describe, expect, it } from "vitest";
import { COLOURS } from "../../src/presence/colours.js";
import { World } from "../harness.js";
import { arrive, move, namesSeenBy, seenBy } from "./room-of-peers.js";

describe("presence (P1, P2)", () => {
  it("tells who is here, who comes, moves and leaves", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    expect(bob.last("opened").presence).toMatchObject([
      { client: "ann-1", user: { id: "ann", name: "Name of ann" }, cursor: null },
    ]);
    expect(ann.last("presence").entries).toMatchObject([{ client: "bob-1", cursor: null }]);
    ann.submit(1, 0, [{ insert: "hello" }]);
    await world.quiet();
    bob.say({ type: "move", document: "doc", cursor: { anchor: 1, head: 3, version: 1 } });
    await world.quiet();
    expect(ann.last("presence").entries).toMatchObject([
      { client: "bob-1", cursor: { anchor: 1, head: 3, version: 1 } },
    ]);
    bob.drop();
    await world.quiet();
    expect(ann.last("presence").entries).toMatchObject([{ client: "bob-1", gone: true }]);
  });

  it("tells what they do, since when, with what, and which colour they have", async () => {
    const world = await World.create();
    const ann = await arrive(world, "ann", { device: "tablet" });
    await world.clock.advance(5000);
    const bob = await arrive(world, "bob");
    const [entry] = bob.last("opened").presence;
    expect(entry).toMatchObject({ client: "ann-1", activity: "editing", device: "tablet", number: 1 });
    expect(entry?.active).toBeGreaterThanOrEqual(5000);
    expect(entry?.colour).toBeLessThan(COLOURS);
    ann.say(move(0, 0, { activity: "viewing" }));
    await world.quiet();
    expect(seenBy(bob).get("ann-1")).toMatchObject({ activity: "viewing", active: expect.toSatisfy((ms) => ms < 200) });
  });

  it("several moves within a tick go out as one, the latest", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.submit(1, 0, [{ insert: "hello" }]);
    await world.quiet();
    const before = ann.all("presence").length;
    for (const at of [0, 3, 5]) bob.say(move(at, 1));
    await world.quiet();
    expect(ann.all("presence").length).toBe(before + 1);
    expect(ann.last("presence").entries).toMatchObject([{ cursor: { anchor: 5, head: 5 } }]);
  });

  it("reaches the others within 100 ms", async () => {
    const world = await World.create();
    const ann = await arrive(world, "ann");
    const bob = await arrive(world, "bob");
    const before = ann.all("presence").length;
    bob.say(move(0, 0));
    await world.clock.advance(99);
    expect(ann.all("presence").length).toBe(before + 1);
  });

  it("P4: cursors are carried over commits, for those who are here and for newcomers", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.submit(1, 0, [{ insert: "hello" }]);
    await world.quiet();
    bob.say({ type: "move", document: "doc", cursor: { anchor: 2, head: 5, version: 1 } });
    ann.submit(2, 1, [{ insert: ">> " }]);
    await world.quiet();
    const cid = await world.join("cid");
    const entry = cid.last("opened").presence.find(({ client }) => client === "bob-1");
    expect(entry?.cursor).toEqual({ anchor: 5, head: 8, version: 2 });
  });

  it("P4: whoever types pushes their own cursor, and nobody has to be told of it", async () => {
    const world = await World.create();
    const [ann, bob] = [await arrive(world, "ann"), await arrive(world, "bob")];
    ann.say(move(0, 0));
    await world.quiet();
    const before = bob.all("presence").length;
    for (let version = 0; version < 5; version += 1) {
      ann.submit(version + 1, version, version === 0 ? [{ insert: "x" }] : [{ retain: version }, { insert: "x" }]);
      await world.quiet();
    }
    expect(bob.all("presence").length).toBe(before);
    const cid = await arrive(world, "cid");
    const entry = cid.last("opened").presence.find(({ client }) => client === "ann-1");
    expect(entry?.cursor).toEqual({ anchor: 5, head: 5, version: 5 });
  });

  it("a cursor of a version that does not exist is dropped, and nobody is harmed", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    const before = ann.all("presence").length;
    bob.say(move(1, 99));
    await world.quiet();
    expect(ann.all("presence").length).toBe(before);
    expect(bob.errors()).toEqual([]);
  });

  it("of two tabs of one person both are told, with one user and one colour", async () => {
    const world = await World.create();
    const ann = await arrive(world, "ann");
    await arrive(world, "bob", { client: "bob-1" });
    await arrive(world, "bob", { client: "bob-2" });
    const [first, second] = ["bob-1", "bob-2"].map((client) => seenBy(ann).get(client));
    expect(first?.user).toEqual(second?.user);
    expect(first?.colour).toBe(second?.colour);
    expect(first?.number).not.toBe(second?.number);
  });

  it("whoever comes back on a newer connection is here once, with the same client", async () => {
    const world = await World.create();
    const ann = await arrive(world, "ann");
    const old = await arrive(world, "bob");
    await arrive(world, "bob");
    expect(namesSeenBy(ann)).toEqual(["ann", "bob"]);
    old.drop();
    await world.quiet();
    expect(namesSeenBy(ann)).toEqual(["ann", "bob"]);
  });
});

describe("moved: cursors alone (P3)", () => {
  it("are numbers of one version, for those who know; the others get entries", async () => {
    const world = await World.create();
    const ann = await arrive(world, "ann");
    const old = await arrive(world, "old", { attendance: false });
    const [bob, cid] = [await arrive(world, "bob"), await arrive(world, "cid")];
    ann.submit(1, 0, [{ insert: "hello" }]);
    await world.quiet();
    bob.say(move(0, 0));
    cid.say(move(4, 1));
    await world.quiet();
    const numbers = ["bob-1", "cid-1"].map((client) => seenBy(ann).get(client)?.number);
    const message = ann.last("presence");
    expect(message.entries).toEqual([]);
    // Bob's is of an older version; text that others put there stays behind it.
    expect(message.moved).toEqual({ version: 1, cursors: [numbers[0], 0, 0, numbers[1], 4, 4] });
    expect(old.last("presence").moved).toBeUndefined();
    expect(old.last("presence").entries).toMatchObject([
      { client: "bob-1", cursor: { anchor: 0, head: 0, version: 1 } },
      { client: "cid-1", cursor: { anchor: 4, head: 4, version: 1 } },
    ]);
  });

  it("whoever has no cursor any more is told with an entry", async () => {
    const world = await World.create();
    const [ann, bob] = [await arrive(world, "ann"), await arrive(world, "bob")];
    bob.say(move(0, 0));
    await world.quiet();
    bob.say({ type: "move", document: "doc", cursor: null });
    await world.quiet();
    expect(ann.last("presence")).toMatchObject({ entries: [{ client: "bob-1", cursor: null }] });
  });
});
