import { describe, expect, it } from "vitest";
import { World } from "../harness.js";

const move = (anchor: number, head: number, version: number) =>
  ({ type: "move", document: "doc", cursor: { anchor, head, version } }) as const;

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
    bob.say(move(1, 3, 1));
    await world.quiet();
    expect(ann.last("presence").entries).toMatchObject([
      { client: "bob-1", cursor: { anchor: 1, head: 3, version: 1 } },
    ]);
    bob.drop();
    await world.quiet();
    expect(ann.last("presence").entries).toMatchObject([{ client: "bob-1", gone: true }]);
  });

  it("several moves within a tick go out as one, the latest", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.submit(1, 0, [{ insert: "hello" }]);
    await world.quiet();
    const before = ann.all("presence").length;
    for (const at of [0, 3, 5]) bob.say(move(at, at, 1));
    await world.quiet();
    expect(ann.all("presence").length).toBe(before + 1);
    expect(ann.last("presence").entries).toMatchObject([{ cursor: { anchor: 5, head: 5 } }]);
  });

  it("P4: cursors are carried over commits, for those who are here and for newcomers", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.submit(1, 0, [{ insert: "hello" }]);
    await world.quiet();
    bob.say(move(2, 5, 1));
    ann.submit(2, 1, [{ insert: ">> " }]);
    await world.quiet();
    const cid = await world.join("cid");
    const entry = cid.last("opened").presence.find(({ client }) => client === "bob-1");
    expect(entry?.cursor).toEqual({ anchor: 5, head: 8, version: 2 });
  });

  it("a cursor of a version that does not exist is dropped, and nobody is harmed", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    const before = ann.all("presence").length;
    bob.say(move(1, 1, 99));
    await world.quiet();
    expect(ann.all("presence").length).toBe(before);
    expect(bob.errors()).toEqual([]);
  });
});
