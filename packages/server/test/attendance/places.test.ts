import { describe, expect, it } from "vitest";
import type { CrowdRules } from "../../src/attendance/defaults.js";
import { type Peer, World } from "../harness.js";
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

  it("each wish and each decision has one answer, also when nothing has changed", async () => {
    const world = await create();
    const [bob, , dan] = await all(world, ["bob", "cid", "dan"]);
    await world.quiet(1000);
    const answers = async (peer: Peer, act: () => void): Promise<number> => {
      const before = peer.all("attendance").length;
      act();
      await world.quiet(1000);
      return peer.all("attendance").length - before;
    };
    expect(await answers(bob, () => ask(bob))).toBe(1);
    expect(await answers(dan, () => ask(dan))).toBe(1);
    expect(await answers(dan, () => ask(dan))).toBe(1);
    expect(await answers(bob, () => decide(bob, "nobody", true))).toBe(1);
    expect(await answers(bob, () => decide(bob, "dan", false))).toBe(1);
  });

  it("wishes of one person have a limit, and one who is told to wait is not an offender (L1)", async () => {
    const world = await World.create(
      { errorsPerConnection: 3 },
      { rateLimits: true, protection: { wishesPerUser: 5 } },
    );
    const bob = await world.attend("bob");
    for (let n = 0; n < 10; n += 1) ask(bob, n % 2 === 0 ? "view" : "edit");
    await world.quiet();
    expect(bob.errors()).toEqual(Array(5).fill("rate_limited"));
    expect([place(bob), bob.closedWith]).toEqual(["viewing", undefined]);
    expect(bob.last("failed").error.retryAfter).toBeGreaterThan(50_000);
    for (let n = 0; n < 7; n += 1) {
      await world.quiet(10_000);
      bob.say({ type: "ping" });
    }
    ask(bob);
    await world.quiet();
    expect(place(bob)).toBe("editing");
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

  it("S6: who has no room for it when they come is told of their place as soon as there is room", async () => {
    const world = await create();
    await all(world, ["bob", "cid"]);
    const dan = world.connect();
    dan.bufferedBytes = 1_000_000;
    dan.say({ type: "hello", token: "dan" });
    dan.say({ type: "open", document: "doc", client: "dan-1", attendance: true });
    await world.quiet(2000);
    expect([dan.all("opened").length, dan.all("attendance").length]).toEqual([1, 0]);
    dan.bufferedBytes = 0;
    await world.quiet(1000);
    expect(place(dan)).toBe("viewing");
  });

  it("is told in whole milliseconds when somebody who was refused may ask again", async () => {
    const world = await create();
    const [bob, , dan] = await all(world, ["bob", "cid", "dan"]);
    ask(dan);
    await world.quiet();
    await world.clock.advance(0.3);
    decide(bob, "dan", false);
    await world.clock.advance(100.4);
    ask(dan);
    await world.quiet();
    const { retryAfter } = dan.last("failed").error;
    expect(Number.isInteger(retryAfter)).toBe(true);
  });
});
