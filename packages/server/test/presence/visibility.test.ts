import { describe, expect, it } from "vitest";
import { arrive, move, namesSeenBy, seenBy, worldOf } from "./room-of-peers.js";

const viewing = { activity: "viewing" } as const;

describe("who sees whom, by role (P5)", () => {
  it("everybody sees who edits; those whose role is to view see nobody else who views", async () => {
    const world = await worldOf({ vic: "viewer", val: "viewer", com: "commenter" });
    const eva = await arrive(world, "eva");
    const com = await arrive(world, "com");
    const vic = await arrive(world, "vic");
    const val = await arrive(world, "val");
    expect(namesSeenBy(eva)).toEqual(["com", "eva", "val", "vic"]);
    expect(namesSeenBy(com)).toEqual(["com", "eva", "val", "vic"]);
    expect(namesSeenBy(vic)).toEqual(["eva"]);
    expect(namesSeenBy(val)).toEqual(["eva"]);
  });

  it("somebody who edits no more is gone for those who view, and there again when they edit again", async () => {
    const world = await worldOf({ vic: "viewer" });
    const [vic, ann, eva] = [await arrive(world, "vic"), await arrive(world, "ann"), await arrive(world, "eva")];
    eva.say(move(0, 0, viewing));
    await world.quiet();
    expect(namesSeenBy(vic)).toEqual(["ann"]);
    expect(vic.last("presence").entries).toMatchObject([{ client: "eva-1", gone: true }]);
    expect(seenBy(ann).get("eva-1")).toMatchObject({ activity: "viewing" });
    eva.say(move(0, 0, { activity: "editing" }));
    await world.quiet();
    expect(namesSeenBy(vic)).toEqual(["ann", "eva"]);
  });

  it("nothing that those who view are sent, ever, names others who view", async () => {
    const world = await worldOf({ vic: "viewer", val: "viewer" });
    const vic = await arrive(world, "vic");
    const val = await arrive(world, "val");
    val.say(move(0, 0));
    await world.quiet();
    val.drop();
    await world.quiet();
    expect(JSON.stringify([vic.all("presence"), vic.last("opened").presence])).not.toContain("val");
  });
});

describe("how somebody who views wants to be seen (P5)", () => {
  it("without a name: with an id, a name and a client that are made up; nobody learns who it is", async () => {
    const world = await worldOf({ vic: "viewer" });
    const eva = await arrive(world, "eva");
    const vic = await arrive(world, "vic", { visibility: "anonymous", device: "phone" });
    vic.say(move(0, 0));
    await world.quiet();
    expect(namesSeenBy(eva)).toEqual(["Anonymous", "eva"]);
    expect(JSON.stringify(eva.all("presence"))).not.toMatch(/vic|phone/);
    const late = await arrive(world, "late");
    expect(JSON.stringify(late.last("opened").presence)).not.toMatch(/vic|phone/);
  });

  it("two tabs without a name are one person, and don't take each other for somebody else", async () => {
    const world = await worldOf({ com: "commenter" });
    const eva = await arrive(world, "eva");
    const tabs = [];
    for (const client of ["com-1", "com-2"]) {
      tabs.push(await arrive(world, "com", { visibility: "anonymous", client }));
    }
    const strangers = [...seenBy(eva).values()].filter(({ user }) => user.name === "Anonymous");
    expect(strangers).toHaveLength(2);
    expect(new Set(strangers.map(({ user }) => user.id)).size).toBe(1);
    for (const tab of tabs) expect(namesSeenBy(tab)).toEqual(["eva"]);
  });

  it("not at all: nobody is told of them, and they see the others", async () => {
    const world = await worldOf({ com: "commenter" });
    const eva = await arrive(world, "eva");
    const before = eva.all("presence").length;
    const com = await arrive(world, "com", { visibility: "hidden" });
    com.say(move(0, 0));
    await world.quiet();
    com.drop();
    await world.quiet();
    expect(eva.all("presence").length).toBe(before);
    expect(namesSeenBy(com)).toEqual(["eva"]);
  });

  it("may be changed at any time, and the new look can't be traced to the old one", async () => {
    const world = await worldOf({ com: "commenter" });
    const [eva, com] = [await arrive(world, "eva"), await arrive(world, "com")];
    const before = seenBy(eva).get("com-1");
    com.say(move(0, 0, { visibility: "anonymous" }));
    await world.quiet();
    const [after] = [...seenBy(eva).values()].filter(({ user }) => user.name === "Anonymous");
    expect(namesSeenBy(eva)).toEqual(["Anonymous", "eva"]);
    expect(after?.number).not.toBe(before?.number);
    com.say(move(0, 0, { visibility: "hidden" }));
    await world.quiet();
    expect(namesSeenBy(eva)).toEqual(["eva"]);
    com.say(move(0, 0, { visibility: "named" }));
    await world.quiet();
    expect(namesSeenBy(eva)).toEqual(["com", "eva"]);
  });

  it("a place, or a cursor in the text, does not show who they are; an edit does", async () => {
    const world = await worldOf({});
    const eva = await arrive(world, "eva");
    const ann = await arrive(world, "ann", { visibility: "anonymous" });
    expect(namesSeenBy(eva)).toEqual(["Anonymous", "eva"]);
    ann.say(move(0, 0, { activity: "editing" }));
    await world.quiet();
    expect(namesSeenBy(eva)).toEqual(["Anonymous", "eva"]);
    ann.submit(1, 0, [{ insert: "x" }]);
    await world.quiet();
    expect(namesSeenBy(eva)).toEqual(["ann", "eva"]);
    // The next cursor that says nothing of what they do changes nothing.
    ann.say(move(1, 1));
    await world.quiet();
    expect(namesSeenBy(eva)).toEqual(["ann", "eva"]);
    ann.say(move(1, 1, viewing));
    await world.quiet();
    expect(namesSeenBy(eva)).toEqual(["Anonymous", "eva"]);
  });
});
