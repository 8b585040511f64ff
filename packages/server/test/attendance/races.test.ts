import { describe, expect, it } from "vitest";
import { World } from "../harness.js";
import { all, ask, decide, place } from "./given.js";

const RULES = { connections: 4, calmConnections: 3, editors: 2, mostEditors: 4 };

describe("what happens at the same time", () => {
  it("a place is lost while an operation waits for its turn: it is refused, what was admitted before is committed", async () => {
    const world = await World.create({}, { crowd: RULES, protection: { documentWindow: 1 } });
    const [ann, bob, cid] = await all(world, ["ann", "bob", "cid"]);
    world.store.setFaults({ latency: [500, 500] });
    ann.submit(1, 0, [{ insert: "a" }]);
    bob.submit(1, 0, [{ insert: "b" }]);
    ask(bob, "view");
    await world.quiet(2000);
    expect(bob.last("rejected")).toMatchObject({ sequence: 1, error: { code: "viewing_only", retry: true } });
    expect(cid.all("committed").map(({ version, changes }) => [version, changes[0]?.client])).toEqual([[1, "ann-1"]]);
  });

  it("the document is given up and loaded anew: people keep their places, and viewers their rounds", async () => {
    const world = await World.create({}, { crowd: RULES });
    const peers = await all(world, ["bob", "cid", "dan", "eve", "fay"]);
    const [bob, , dan] = peers;
    ask(dan);
    await world.quiet();
    await world.done(world.store.claim("doc"));
    bob.submit(1, 0, [{ insert: "b" }]);
    await world.quiet();
    expect(peers.map((peer) => peer.last("closed").error.retry)).toEqual(Array(5).fill(true));
    for (const [index, peer] of peers.toReversed().entries()) {
      peer.say({ type: "open", document: "doc", client: `${index}`, attendance: true });
    }
    await world.quiet(300);
    expect(peers.map((peer) => peer.last("opened").place)).toEqual([
      "editing",
      "editing",
      "viewing",
      "viewing",
      "viewing",
    ]);
    expect(peers.map(place)).toEqual(["editing", "editing", "asking", "viewing", "viewing"]);
    expect(bob.last("attendance")).toMatchObject({ mode: "crowded", updates: 100 });
    expect((await world.done(world.server.documents.open("doc"))).updates).toBe(100);
  });

  it("a person is named while they open the document in another tab: they edit in both", async () => {
    const world = await World.create({}, { crowd: RULES });
    const [ann, bob] = await all(world, ["ann", "bob"]);
    ann.say({ type: "moderate", document: "doc", moderated: true });
    await world.quiet();
    world.store.setFaults({ latency: [40, 40] });
    decide(ann, "bob", true);
    await world.quiet(50);
    const second = world.connect();
    second.say({ type: "hello", token: "bob" });
    second.say({ type: "open", document: "doc", client: "bob-2", attendance: true });
    await world.quiet(1000);
    expect([place(bob), second.last("opened").place, place(second)]).toEqual(["editing", "editing", "editing"]);
  });

  it("somebody goes before the answer to their open: their place is free, nobody waits for them", async () => {
    const world = await World.create({}, { crowd: { ...RULES, editors: 1 } });
    world.store.setFaults({ latency: [100, 100] });
    const bob = world.connect();
    bob.say({ type: "hello", token: "bob" });
    bob.say({ type: "open", document: "doc", client: "bob-1", attendance: true });
    await world.quiet(330);
    bob.say({ type: "close", document: "doc" });
    await world.quiet(1000);
    expect(bob.all("opened")).toEqual([]);
    const cid = world.connect();
    cid.say({ type: "hello", token: "cid" });
    cid.say({ type: "open", document: "doc", client: "cid-1", attendance: true });
    await world.quiet(2000);
    expect([cid.last("opened").place, cid.last("attendance").people]).toEqual(["editing", 1]);
  });

  it("everybody leaves while it is read who is named, and somebody else comes: they are told as ever", async () => {
    const world = await World.create({}, { crowd: RULES });
    const [first] = await all(world, ["ann"]);
    first.say({ type: "moderate", document: "doc", moderated: true });
    await world.quiet();
    first.say({ type: "close", document: "doc" });
    await world.quiet();
    world.store.setFaults({ latency: [100, 100] });
    const [bob, ann] = [world.connect(), world.connect()];
    bob.say({ type: "hello", token: "bob" });
    bob.say({ type: "open", document: "doc", client: "bob-1", attendance: true });
    await world.quiet(50);
    ann.say({ type: "hello", token: "ann" });
    ann.say({ type: "open", document: "doc", client: "ann-2", attendance: true });
    await world.quiet(70);
    bob.say({ type: "close", document: "doc" });
    await world.quiet(1000);
    ann.say({ type: "moderate", document: "doc", moderated: false });
    await world.quiet(2000);
    expect(ann.last("attendance")).toMatchObject({ mode: "open", place: "editing", people: 1 });
  });

  it("a whole crowd leaves at once: the document calms down, and who comes later is told at once", async () => {
    const world = await World.create({}, { crowd: RULES });
    const peers = await all(world, ["bob", "cid", "dan", "eve", "fay"]);
    expect(peers[4]?.last("attendance").mode).toBe("crowded");
    for (const peer of peers) peer.say({ type: "close", document: "doc" });
    await world.quiet(11_000);
    const actor = await world.done(world.server.documents.open("doc"));
    const [gil] = await all(world, ["gil"]);
    expect([gil.last("attendance").mode, gil.last("attendance").updates, actor.updates]).toEqual([
      "open",
      undefined,
      undefined,
    ]);
  });

  it("an open that is refused takes no place", async () => {
    const world = await World.create({}, { crowd: { ...RULES, editors: 1 } });
    const bob = await world.attend("bob");
    bob.submit(1, 0, [{ insert: "b" }]);
    await world.quiet();
    bob.say({ type: "close", document: "doc" });
    const thief = await world.attend("eve", "bob-1");
    expect(thief.last("closed").error.code).toBe("author_forged");
    await world.quiet(31_000);
    expect((await world.attend("cid")).last("attendance")).toMatchObject({ place: "editing", people: 1, editors: 1 });
  });
});
