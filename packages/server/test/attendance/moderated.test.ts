import { describe, expect, it } from "vitest";
import { type Peer, World } from "../harness.js";
import { all, ask, decide, place } from "./given.js";

const moderate = (peer: Peer, moderated: boolean): void => peer.say({ type: "moderate", document: "doc", moderated });
const SMALL = { connections: 20, calmConnections: 15, editors: 3, mostEditors: 4 };
const create = (): Promise<World> => World.create({}, { crowd: SMALL });

/** "ann" owns the document. */
describe("moderated mode (S11, A2)", () => {
  it("the owner alone switches it; at once nobody else edits, and what is in flight is refused and not lost", async () => {
    const world = await create();
    const [ann, bob, cid] = await all(world, ["ann", "bob", "cid"]);
    moderate(bob, true);
    await world.quiet();
    expect(bob.last("failed")).toMatchObject({ error: { code: "forbidden" }, document: "doc" });
    expect(place(cid)).toBe("editing");
    moderate(ann, true);
    await world.quiet();
    expect([ann, bob, cid].map(place)).toEqual(["editing", "viewing", "viewing"]);
    expect(bob.last("attendance")).toMatchObject({ mode: "moderated", people: 3, editors: 1 });
    bob.submit(1, 0, [{ insert: "bob" }]);
    ann.submit(1, 0, [{ insert: "ann" }]);
    await world.quiet();
    expect(bob.last("rejected").error).toMatchObject({ code: "viewing_only", retry: true });
    moderate(ann, false);
    await world.quiet();
    expect([bob, cid].map(place)).toEqual(["editing", "editing"]);
    bob.submit(1, 0, [{ insert: "bob" }]);
    await world.quiet();
    expect(cid.all("committed").map(({ version }) => version)).toEqual([1, 2]);
  });

  it("ends in a crowd too: who had a place has it again, who viewed views", async () => {
    const world = await World.create({}, { crowd: { ...SMALL, connections: 2, editors: 2 } });
    const [ann, bob, cid] = await all(world, ["ann", "bob", "cid"]);
    expect([ann, bob, cid].map(place)).toEqual(["editing", "editing", "viewing"]);
    moderate(ann, true);
    await world.quiet();
    expect([ann, bob, cid].map(place)).toEqual(["editing", "viewing", "viewing"]);
    moderate(ann, false);
    await world.quiet(300);
    expect([ann, bob, cid].map(place)).toEqual(["editing", "editing", "viewing"]);
    expect(cid.last("attendance").mode).toBe("crowded");
  });

  it("an operation that was admitted before is committed, and acknowledged when it is sent again from a viewing place", async () => {
    const world = await create();
    const [ann, bob] = await all(world, ["ann", "bob"]);
    moderate(ann, true);
    bob.submit(1, 0, [{ insert: "bob" }]);
    await world.quiet();
    expect([place(bob), bob.last("committed").version]).toEqual(["viewing", 1]);
    bob.submit(1, 0, [{ insert: "bob" }]);
    await world.quiet();
    expect(bob.last("acknowledged")).toMatchObject({ sequence: 1, version: 1 });
    expect(bob.all("rejected")).toEqual([]);
  });

  it("everybody asks, the owner alone decides, names anybody, and takes it away; it holds at once and is stored", async () => {
    const world = await create();
    const [ann, bob, cid] = await all(world, ["ann", "bob", "cid"]);
    moderate(ann, true);
    await world.quiet();
    ask(bob);
    await world.quiet(300);
    expect(place(bob)).toBe("asking");
    expect(ann.last("attendance").asking).toEqual([{ id: "bob", name: "Name of bob" }]);
    decide(ann, "bob", true);
    decide(ann, "cid", true);
    await world.quiet(300);
    expect([place(bob), place(cid)]).toEqual(["editing", "editing"]);
    expect(ann.last("attendance").named?.map(({ id }) => id)).toEqual(["bob", "cid"]);
    expect(bob.last("attendance").asking).toBeUndefined();
    decide(bob, "cid", false);
    await world.quiet();
    expect(bob.last("failed").error.code).toBe("forbidden");
    decide(ann, "cid", false);
    await world.quiet(300);
    expect(place(cid)).toBe("viewing");
    cid.submit(1, 0, [{ insert: "cid" }]);
    await world.quiet();
    expect(cid.last("rejected").error.code).toBe("viewing_only");
    expect(await world.done(world.store.permissionsOf("doc"))).toEqual([
      { document: "doc", user: "bob", role: "editor" },
    ]);
    decide(ann, "ann", false);
    await world.quiet();
    expect([ann.last("failed").error.code, place(ann)]).toEqual(["forbidden", "editing"]);
  });

  it("survives a restart: the owner and who is named edit, the others view, and the owner sees who is named", async () => {
    const world = await create();
    const [ann] = await all(world, ["ann", "bob"]);
    moderate(ann, true);
    decide(ann, "bob", true);
    await world.quiet(300);
    world.restart();
    const [cid, again, bob] = [await world.attend("cid"), await world.attend("ann"), await world.attend("bob")];
    await world.quiet(300);
    expect([cid, again, bob].map((peer) => peer.last("opened").place)).toEqual(["viewing", "editing", "editing"]);
    expect(cid.last("attendance")).toMatchObject({ mode: "moderated", place: "viewing" });
    expect(again.last("attendance").named).toEqual([{ id: "bob", name: "Name of bob" }]);
    bob.drop();
    world.restart();
    const alone = await world.attend("ann");
    await world.quiet(300);
    expect(alone.last("attendance").named).toEqual([{ id: "bob", name: "bob" }]);
    decide(alone, "bob", false);
    await world.quiet(300);
    expect(alone.last("attendance").named).toEqual([]);
    expect(await world.done(world.store.role("doc", "bob"))).toBeUndefined();
  });

  it("who was made a viewer can't be named, and strangers neither: no role is widened by mistake", async () => {
    const world = await create();
    await world.done(world.store.setRole("doc", "vic", "viewer"));
    const [ann, vic] = await all(world, ["ann", "vic"]);
    moderate(ann, true);
    decide(ann, "vic", true);
    decide(ann, "nobody", true);
    await world.quiet(300);
    expect([ann.last("failed").error.code, place(vic)]).toEqual(["forbidden", "viewing"]);
    ask(vic);
    await world.quiet();
    expect(vic.last("failed").error.code).toBe("forbidden");
    expect(await world.done(world.store.permissionsOf("doc"))).toEqual([
      { document: "doc", user: "vic", role: "viewer" },
    ]);
  });

  it("storage fails: nothing changes, the owner is told, and can do it again", async () => {
    const world = await create();
    const [ann, bob] = await all(world, ["ann", "bob"]);
    world.store.failNext(1, "moderateDocument");
    moderate(ann, true);
    await world.quiet();
    expect([ann.last("failed").error.code, place(bob)]).toEqual(["storage_unavailable", "editing"]);
    moderate(ann, true);
    await world.quiet();
    world.store.failNext(1, "setRole");
    decide(ann, "bob", true);
    await world.quiet();
    expect([ann.all("failed").length, place(bob)]).toEqual([2, "viewing"]);
    decide(ann, "bob", true);
    await world.quiet();
    expect(place(bob)).toBe("editing");
  });

  it("is switched from outside too, while nobody or somebody is here, and holds after the trash", async () => {
    const world = await create();
    const { attendance, documents } = world.server;
    const doc = { id: "doc", createdBy: "ann" };
    await expect(world.done(attendance.moderate(doc, "bob", true))).rejects.toMatchObject({ code: "forbidden" });
    await world.done(attendance.moderate(doc, "ann", true));
    const bob = await world.attend("bob");
    expect([bob.last("opened").place, place(bob)]).toEqual(["viewing", "viewing"]);
    await world.done(documents.trash("doc", "ann"));
    await world.quiet();
    expect(bob.last("closed").error.code).toBe("not_found");
    await expect(world.done(attendance.moderate(doc, "ann", false))).rejects.toMatchObject({ code: "not_found" });
    await world.done(documents.restore("doc"));
    expect((await world.attend("bob", "bob-2")).last("opened").place).toBe("viewing");
    await world.done(attendance.moderate(doc, "ann", false));
    expect((await world.attend("cid")).last("opened").place).toBe("editing");
  });

  it("each switch, grant and refusal is written down with who did it", async () => {
    const world = await create();
    const [ann, bob] = await all(world, ["ann", "bob"]);
    moderate(ann, true);
    await world.quiet();
    ask(bob);
    decide(ann, "bob", false);
    decide(ann, "bob", true);
    moderate(ann, false);
    await world.quiet();
    const records = await world.done(world.store.auditRecords({ document: "doc" }, 10));
    expect(records.toReversed().map(({ user, action, details }) => [user, action, details["person"]])).toEqual([
      ["ann", "document.moderated", undefined],
      ["ann", "place.refused", "bob"],
      ["ann", "place.granted", "bob"],
      ["ann", "document.unmoderated", undefined],
    ]);
  });
});
