import { describe, expect, it } from "vitest";
import type { CrowdRules } from "../../src/attendance/defaults.js";
import { World } from "../harness.js";
import { all, ask, decide, place } from "./given.js";

const SMALL: Partial<CrowdRules> = { connections: 6, calmConnections: 4, editors: 2, mostEditors: 3 };
const create = (crowd: Partial<CrowdRules> = {}): Promise<World> => World.create({}, { crowd: { ...SMALL, ...crowd } });

describe("places to edit (S11)", () => {
  it("the first ones edit; the next one views, is told so, asks, and gets the place of who leaves", async () => {
    const world = await create();
    const [bob, cid, dan] = [await world.attend("bob"), await world.attend("cid"), await world.attend("dan")];
    expect([bob, cid, dan].map((peer) => peer.last("opened").place)).toEqual(["editing", "editing", "viewing"]);
    expect(dan.last("opened").role).toBe("editor");
    expect(dan.last("attendance")).toMatchObject({ mode: "open", place: "viewing", people: 3, editors: 2, places: 2 });
    ask(dan);
    await world.quiet(300);
    expect(dan.last("attendance")).toMatchObject({ place: "asking", line: 1 });
    expect(bob.last("attendance").asking).toEqual([{ id: "dan", name: "Name of dan" }]);
    cid.say({ type: "close", document: "doc" });
    await world.quiet();
    expect(place(dan)).toBe("editing");
    dan.submit(1, 0, [{ insert: "dan" }]);
    await world.quiet();
    expect(dan.last("committed").version).toBe(1);
  });

  it("whoever edits grants and refuses; a grant lets in at once, beyond the number, but not beyond the last one", async () => {
    const world = await create();
    const [bob, , dan, eve, fay] = await all(world, ["bob", "cid", "dan", "eve", "fay"]);
    for (const peer of [dan, eve, fay]) ask(peer);
    await world.quiet();
    decide(bob, "eve", true);
    await world.quiet();
    expect([dan, eve, fay].map(place)).toEqual(["asking", "editing", "asking"]);
    decide(bob, "dan", false);
    decide(eve, "fay", true);
    await world.quiet();
    expect([dan, eve, fay].map(place)).toEqual(["viewing", "editing", "asking"]);
    expect(dan.last("attendance").refused).toBe(true);
    ask(dan);
    await world.quiet();
    expect(dan.last("failed").error).toMatchObject({ code: "rate_limited", retry: true });
    ask(bob, "view");
    await world.quiet();
    expect([place(fay), place(bob)]).toEqual(["editing", "viewing"]);
  });

  it("whoever views can't decide, and what they write is refused, kept, and taken when they have a place", async () => {
    const world = await create();
    const [bob, , dan, eve] = await all(world, ["bob", "cid", "dan", "eve"]);
    ask(eve);
    decide(dan, "eve", true);
    dan.submit(1, 0, [{ insert: "dan" }]);
    await world.quiet();
    expect(dan.last("failed").error.code).toBe("forbidden");
    expect(dan.last("rejected").error).toMatchObject({ code: "viewing_only", retry: true });
    expect(dan.last("rejected").error.retryAfter).toBeGreaterThan(0);
    ask(eve, "view");
    ask(dan);
    bob.drop();
    await world.quiet(31_000);
    expect(place(dan)).toBe("editing");
    dan.submit(1, 0, [{ insert: "dan" }]);
    await world.quiet();
    expect(dan.last("committed").changes[0]?.sequence).toBe(1);
  });
});
