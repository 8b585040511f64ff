import { describe, expect, it } from "vitest";
import { type AttendanceFigures, silentObserver } from "../../src/metrics/observer.js";
import { createPrometheusObserver } from "../../src/metrics/prometheus.js";
import { type Peer, World } from "../harness.js";
import { all, ask, decide, place } from "./given.js";

const RULES = { connections: 4, calmConnections: 3, editors: 3, mostEditors: 4, heldPlace: 30_000, calm: 10_000 };
const CROWD = ["bob", "cid", "dan", "eve", "fay"] as const;

interface Line {
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

async function crowded(): Promise<{ world: World; log: Line[]; peers: readonly Peer[]; metrics(): Promise<string> }> {
  const log: Line[] = [];
  const note = (message: string, fields?: Line["fields"]): void => {
    log.push({ message, fields });
  };
  const observer = createPrometheusObserver();
  const world = await World.create({}, { crowd: RULES, log: { info: note, warn: note, error: note }, observer });
  return { world, log, peers: await all(world, CROWD), metrics: () => observer.text() };
}

const mode = (peer: Peer): string => peer.last("attendance").mode;

describe("a crowded document (S11)", () => {
  it("newcomers view; who asks gets a free place at once; those who edit keep theirs", async () => {
    const { world, peers } = await crowded();
    const [bob, cid, dan, eve, fay] = peers as [Peer, Peer, Peer, Peer, Peer];
    await world.quiet(300);
    expect(peers.map(place)).toEqual(["editing", "editing", "editing", "viewing", "viewing"]);
    expect(peers.map(mode)).toEqual(Array(5).fill("crowded"));
    dan.say({ type: "close", document: "doc" });
    await world.quiet();
    const gus = await world.attend("gus");
    expect([place(fay), gus.last("opened").place]).toEqual(["viewing", "viewing"]);
    ask(fay);
    ask(gus);
    await world.quiet(300);
    expect([place(fay), place(gus), gus.last("attendance").line]).toEqual(["editing", "asking", 1]);
    expect(eve.last("attendance")).toMatchObject({ people: 5, editors: 3, places: 3, updates: 100 });
    expect([place(bob), place(cid)]).toEqual(["editing", "editing"]);
  });

  it("is open again only after a time of calm; then those who view because of it get places, in order", async () => {
    const { world, peers, log } = await crowded();
    const [bob, cid, , eve, fay] = peers as [Peer, Peer, Peer, Peer, Peer];
    for (const peer of [bob, cid]) peer.say({ type: "close", document: "doc" });
    await world.quiet(20_000);
    expect([mode(eve), place(eve)]).toEqual(["crowded", "viewing"]);
    const gus = await world.attend("gus");
    gus.say({ type: "close", document: "doc" });
    await world.quiet(9000);
    fay.drop();
    await world.quiet(9900);
    expect(mode(eve)).toBe("crowded");
    const hal = await world.attend("hal");
    expect([place(hal), mode(hal)]).toEqual(["viewing", "crowded"]);
    hal.drop();
    await world.quiet(10_100);
    expect([mode(eve), place(eve)]).toEqual(["open", "editing"]);
    const changes = log.filter(({ message }) => message.startsWith("a document is"));
    expect(changes.map(({ message, fields }) => [message, fields?.["before"]])).toEqual([
      ["a document is crowded", "open"],
      ["a document is open", "crowded"],
    ]);
    const records = await world.done(world.store.auditRecords({ document: "doc" }, 10));
    expect(records.map(({ user, action }) => [user, action])).toEqual([
      ["", "document.open"],
      ["", "document.crowded"],
    ]);
  });

  it("the owner has a place in every mode", async () => {
    const { world } = await crowded();
    const ann = await world.attend("ann");
    expect([ann.last("opened").place, mode(ann)]).toEqual(["editing", "crowded"]);
  });

  it("counts what operators look at", async () => {
    const { world, peers, metrics, log } = await crowded();
    const [bob, , , eve, fay] = peers as [Peer, Peer, Peer, Peer, Peer];
    ask(eve);
    ask(fay);
    await world.quiet();
    const before = await metrics();
    expect(before).toContain('tutti_documents_attended{mode="crowded"} 1');
    expect(before).toMatch(/^tutti_editing_places 3$/m);
    expect(before).toMatch(/^tutti_asking 2$/m);
    decide(bob, "eve", true);
    decide(bob, "fay", false);
    await world.quiet();
    const after = await metrics();
    expect(after).toContain('tutti_place_decisions_total{decision="granted"} 1');
    expect(after).toContain('tutti_place_decisions_total{decision="refused"} 1');
    expect(log.filter(({ message }) => message.startsWith("a place to edit")).map(({ fields }) => fields)).toEqual([
      { document: "doc", by: "bob", user: "eve", mode: "crowded" },
      { document: "doc", by: "bob", user: "fay", mode: "crowded" },
    ]);
    for (const peer of peers) peer.drop();
    await world.quiet(61_000);
    expect(await metrics()).toMatch(/^tutti_editing_places 0$/m);
    expect(await metrics()).toContain('tutti_documents_attended{mode="crowded"} 0');
  });
});

describe("people who come and go", () => {
  it("a place is kept for somebody who is cut off, and no longer than it should be", async () => {
    const { world, peers } = await crowded();
    const [bob, cid, dan, eve, fay] = peers as [Peer, Peer, Peer, Peer, Peer];
    ask(eve);
    bob.drop();
    cid.drop();
    await world.quiet(29_000);
    expect(place(eve)).toBe("asking");
    const again = await world.attend("bob", "bob-2");
    expect(again.last("opened").place).toBe("editing");
    await world.quiet(2000);
    expect(place(eve)).toBe("editing");
    expect([place(dan), place(fay)]).toEqual(["editing", "viewing"]);
  });

  it("a turn in the line is kept too; it is passed over while they are away, and theirs when they are back", async () => {
    const { world, peers } = await crowded();
    const [bob, cid, , eve, fay] = peers as [Peer, Peer, Peer, Peer, Peer];
    ask(eve);
    ask(fay);
    await world.quiet();
    eve.drop();
    bob.say({ type: "close", document: "doc" });
    await world.quiet();
    expect(place(fay)).toBe("editing");
    const again = await world.attend("eve", "eve-2");
    expect([place(again), again.last("attendance").line]).toEqual(["asking", 1]);
    again.drop();
    decide(cid, "eve", true);
    await world.quiet();
    expect((await world.attend("eve", "eve-3")).last("opened").place).toBe("editing");
  });

  it("all tabs of a person share one place: one more takes none, and the last one to go frees it", async () => {
    const { world, peers } = await crowded();
    const [bob, , , eve] = peers as [Peer, Peer, Peer, Peer, Peer];
    const second = await world.attend("bob", "bob-2");
    expect([second.last("opened").place, second.last("attendance").editors]).toEqual(["editing", 3]);
    ask(eve);
    bob.say({ type: "close", document: "doc" });
    await world.quiet();
    expect(place(eve)).toBe("asking");
    ask(second, "view");
    await world.quiet();
    expect([place(eve), place(second)]).toEqual(["editing", "viewing"]);
  });

  it("whoever leaves while asking is out of the line; whoever asks twice is in it once", async () => {
    const { world, peers } = await crowded();
    const [bob, , , eve, fay] = peers as [Peer, Peer, Peer, Peer, Peer];
    for (const peer of [eve, fay, eve]) ask(peer);
    await world.quiet(300);
    expect([eve, fay].map((peer) => peer.last("attendance").line)).toEqual([1, 2]);
    eve.say({ type: "close", document: "doc" });
    await world.quiet(300);
    expect(fay.last("attendance").line).toBe(1);
    expect(bob.last("attendance").asking?.map(({ id }) => id)).toEqual(["fay"]);
  });

  it("whoever was refused may ask again when the time is over, and is told so; leaving does not shorten it", async () => {
    const { world, peers } = await crowded();
    const [bob, , , eve] = peers as [Peer, Peer, Peer, Peer, Peer];
    ask(eve);
    decide(bob, "eve", false);
    await world.quiet(30_000);
    eve.say({ type: "close", document: "doc" });
    const again = await world.attend("eve", "eve-2");
    expect(again.last("attendance")).toMatchObject({ place: "viewing", refused: true });
    ask(again);
    await world.quiet();
    const { code, retryAfter } = again.last("failed").error;
    expect(code).toBe("rate_limited");
    expect(retryAfter).toBeGreaterThan(29_000);
    expect(retryAfter).toBeLessThanOrEqual(30_000);
    await world.quiet(30_000);
    expect(again.last("attendance").refused).toBeUndefined();
    ask(again);
    await world.quiet();
    expect(place(again)).toBe("asking");
  });
});

describe("what people are told", () => {
  it("a client that does not know of places is a viewer while it views, and opens again when that changes", async () => {
    const world = await World.create({}, { crowd: { ...RULES, editors: 1 } });
    const bob = await world.attend("bob");
    const old = await world.join("old");
    expect(old.last("opened")).toMatchObject({ role: "viewer" });
    expect(old.last("opened")).not.toHaveProperty("place");
    bob.say({ type: "close", document: "doc" });
    await world.quiet();
    expect(old.last("closed").error).toMatchObject({ retry: true, retryAfter: 0 });
    old.say({ type: "open", document: "doc", client: "old-1" });
    await world.quiet();
    expect(old.last("opened").role).toBe("editor");
    expect(old.all("attendance")).toEqual([]);
    old.submit(1, 0, [{ insert: "x" }]);
    await world.quiet();
    expect(old.last("committed").version).toBe(1);
  });

  it("attendance comes after opened, and each one states all there is", async () => {
    const world = await World.create({}, { crowd: RULES });
    const bob = await world.attend("bob");
    const types = bob.received.map(({ type }) => type).filter((type) => type === "opened" || type === "attendance");
    expect(types.slice(0, 2)).toEqual(["opened", "attendance"]);
    expect(bob.all("attendance")[0]).toEqual({
      type: "attendance",
      document: "doc",
      mode: "open",
      place: "editing",
      people: 1,
      editors: 1,
      places: 3,
      asking: [],
    });
  });

  it("not more than four times a second, however many come; the newest state in the end", async () => {
    const world = await World.create({}, { crowd: { ...RULES, connections: 100 } });
    const bob = await world.attend("bob");
    await world.quiet(1000);
    const before = bob.all("attendance").length;
    for (let n = 0; n < 40; n += 1) await world.attend(`guest-${n}`);
    // 40 arrivals took 800 ms.
    expect(bob.all("attendance").length - before).toBeLessThanOrEqual(5);
    await world.quiet(1000);
    expect(bob.last("attendance").people).toBe(41);
    const settled = bob.all("attendance").length;
    await world.quiet(5000);
    expect(bob.all("attendance").length).toBe(settled);
  });

  it("nothing while there is no room on the connection, and then the newest state only (S6)", async () => {
    const { world, peers } = await crowded();
    const [bob, , , eve] = peers as [Peer, Peer, Peer, Peer, Peer];
    await world.quiet(1000);
    bob.bufferedBytes = 10_000_000;
    const before = bob.all("attendance").length;
    for (let n = 0; n < 10; n += 1) {
      ask(eve, n % 2 === 0 ? "edit" : "view");
      await world.quiet(300);
    }
    ask(eve);
    await world.quiet(1000);
    expect(bob.all("attendance").length).toBe(before);
    bob.bufferedBytes = 0;
    await world.quiet(1000);
    expect(bob.all("attendance").length).toBe(before + 1);
    expect(bob.last("attendance").asking?.map(({ id }) => id)).toEqual(["eve"]);
  });

  it("figures are told only when they change", async () => {
    const told: AttendanceFigures[] = [];
    const attendance = (_before: AttendanceFigures, after: AttendanceFigures): void => {
      told.push(after);
    };
    const world = await World.create({}, { crowd: RULES, observer: { ...silentObserver, attendance } });
    await world.attend("bob");
    expect(told.at(-1)).toMatchObject({ mode: "open", people: 1, editors: 1, asking: 0 });
  });
});
