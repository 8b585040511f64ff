import { describe, expect, it, vi } from "vitest";
import { StoreError } from "../../src/storage/store.js";
import { type Peer, World } from "../harness.js";

async function text(world: World): Promise<string> {
  const { content } = await world.done(world.server.documents.contentAt("doc", undefined));
  return content.text();
}

/** What a client was told of versions, in the order it came. */
const versions = (peer: Peer): readonly number[] =>
  peer.all("committed").flatMap(({ version, changes }) => changes.map((_change, index) => version + index));

describe("commit", () => {
  it("S1: numbers operations 1, 2, 3 … and tells everybody in the same order", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.submit(1, 0, [{ insert: "A" }]);
    bob.submit(1, 0, [{ insert: "B" }]);
    await world.quiet();
    expect(versions(ann)).toEqual([1, 2]);
    expect(versions(bob)).toEqual([1, 2]);
    expect(await text(world)).toBe("AB");
  });

  it("E5: equal inserts at one place become one, or stay both where the document says so", async () => {
    for (const [setting, expected] of [
      ["merge", "tea"],
      ["keep", "teatea"],
    ] as const) {
      const world = await World.create({}, { identicalInserts: setting });
      const [ann, bob] = [await world.join("ann"), await world.join("bob")];
      expect(ann.last("opened").identicalInserts).toBe(setting === "merge" ? undefined : "keep");
      ann.submit(1, 0, [{ insert: "tea" }]);
      bob.submit(1, 0, [{ insert: "tea" }]);
      await world.quiet();
      expect(await text(world)).toBe(expected);
      world.restart();
      const cem = await world.join("cem");
      cem.submit(1, 0, [{ insert: "tea" }]);
      await world.quiet();
      expect(await text(world)).toBe(setting === "merge" ? "tea" : "teateatea");
    }
  });

  it("an author gets its own change without the operation, everybody else with it", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.submit(1, 0, [{ insert: "A" }]);
    await world.quiet();
    expect(ann.last("committed").changes[0]?.operation ?? undefined).toBeUndefined();
    expect(bob.last("committed").changes[0]).toMatchObject({
      client: "ann-1",
      user: "ann",
      operation: [{ insert: "A" }],
    });
  });

  it("S5: what is handed on in one go shares a commit", async () => {
    const world = await World.create();
    const actor = await world.done(world.server.documents.open("doc"));
    const authors = ["ann", "bob", "cem"].map((name) => ({
      client: `${name}-1`,
      user: { id: name, name },
      role: "editor" as const,
      place: "editing" as const,
      introduction: {},
      attends: false,
      pieces: false,
      hasRoom: true,
      send: () => undefined,
    }));
    const wish = { version: undefined, content: false };
    for (const author of authors) await world.done(actor.join(author, wish, () => []));
    const append = vi.spyOn(world.store, "append");
    for (const author of authors) {
      void actor.submit(author, { sequence: 1, version: 0, operation: [{ insert: author.user.name }] });
    }
    await world.quiet();
    expect(actor.version).toBe(3);
    expect(append.mock.calls.map(([[batch]]) => batch?.operations.length)).toEqual([3]);
  });

  it("S1: nothing leaves before it is durable", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    world.store.setFaults({ latency: [5000, 5000] });
    ann.submit(1, 0, [{ insert: "A" }]);
    await world.quiet(4900);
    expect([...ann.all("committed"), ...bob.all("committed")]).toEqual([]);
    await world.quiet(200);
    expect(versions(bob)).toEqual([1]);
  });

  it("S2: an operation that comes again is acknowledged again and applied once, also after a restart", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    ann.submit(1, 0, [{ insert: "A" }]);
    await world.quiet();
    ann.submit(1, 0, [{ insert: "A" }]);
    await world.quiet();
    expect(ann.last("acknowledged")).toMatchObject({ sequence: 1, version: 1 });
    world.restart();
    const again = await world.join("ann", "ann-1", 0);
    expect(again.last("opened")).toMatchObject({ version: 1, sequence: 1 });
    again.submit(1, 0, [{ insert: "A" }]);
    await world.quiet();
    expect(again.last("acknowledged")).toMatchObject({ sequence: 1, version: 1 });
    expect(await text(world)).toBe("A");
  });

  it("S2: an operation sent twice before it is durable is stored once, and the newer connection is told", async () => {
    const world = await World.create();
    world.store.setFaults({ latency: [300, 300] });
    const first = await world.join("ann");
    await world.quiet(2000);
    first.submit(1, 0, [{ insert: "A" }]);
    first.drop();
    // The newer connection is let in while the append is still under way.
    world.store.setFaults({ latency: [0, 0] });
    const second = await world.join("ann", "ann-1", 0);
    second.submit(1, 0, [{ insert: "A" }]);
    await world.quiet(1000);
    expect(versions(second).length + (second.last("opened").changes?.length ?? 0)).toBeGreaterThanOrEqual(1);
    expect(await text(world)).toBe("A");
  });

  it("S3: what a client missed comes when it opens again, its own without the content", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.submit(1, 0, [{ insert: "A" }]);
    await world.quiet();
    bob.drop();
    ann.submit(2, 1, [{ retain: 1 }, { insert: "B" }]);
    await world.quiet();
    const back = await world.join("bob", "bob-1", 1);
    const opened = back.last("opened");
    expect(opened.content ?? undefined).toBeUndefined();
    expect(opened).toMatchObject({
      version: 2,
      changes: [{ client: "ann-1", operation: [{ retain: 1 }, { insert: "B" }] }],
    });
  });

  it("a client that is ahead of the store is told, and keeps its text", async () => {
    const world = await World.create();
    const ann = await world.join("ann", "ann-1", 5);
    expect(ann.last("closed").error).toMatchObject({ code: "future_version", retry: false });
  });

  it("the same client on a newer connection replaces the older one", async () => {
    const world = await World.create();
    const older = await world.join("ann");
    const newer = await world.join("ann");
    expect(older.last("closed").error.code).toBe("replaced");
    newer.submit(1, 0, [{ insert: "A" }]);
    await world.quiet();
    expect(versions(newer)).toEqual([1]);
  });
});

describe("when storage fails", () => {
  it("S8: back to the durable root, authors are told to come again, and it recovers without restart", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.submit(1, 0, [{ insert: "A" }]);
    await world.quiet();
    world.store.failNext(1, "append");
    ann.submit(2, 1, [{ retain: 1 }, { insert: "B" }]);
    await world.quiet(50);
    expect(ann.last("rejected")).toMatchObject({ sequence: 2, error: { code: "storage_unavailable", retry: true } });
    expect(await text(world)).toBe("A");
    await world.quiet(2000);
    ann.submit(2, 1, [{ retain: 1 }, { insert: "B" }]);
    await world.quiet();
    expect(versions(bob)).toEqual([1, 2]);
    expect(await text(world)).toBe("AB");
  });

  it("edits meanwhile are refused with a retry, none is lost or half done", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    world.store.setFaults({ failureRate: 1 });
    ann.submit(1, 0, [{ insert: "A" }]);
    await world.quiet(20_000);
    ann.submit(1, 0, [{ insert: "A" }]);
    await world.quiet();
    expect(ann.errors()).toEqual(["storage_unavailable", "storage_unavailable"]);
    world.store.setFaults({ failureRate: 0 });
    await world.quiet(20_000);
    ann.submit(1, 0, [{ insert: "A" }]);
    await world.quiet();
    expect(await text(world)).toBe("A");
    expect(ann.closedWith).toBeUndefined();
  });

  it("a failed load is a typed error with retry, never an empty document", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    ann.submit(1, 0, [{ insert: "A" }]);
    await world.quiet();
    world.restart();
    world.store.failNext(1, "operations");
    const bob = await world.join("bob");
    expect(bob.last("closed").error).toMatchObject({ code: "storage_unavailable", retry: true });
    bob.say({ type: "open", document: "doc", client: "bob-1" });
    await world.quiet();
    expect(bob.last("opened").content).toEqual([{ insert: "A" }]);
  });

  it("an append that was durable though it was reported as failed is made known, once, also to an author who came back meanwhile", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    const store = world.store;
    const append = store.append.bind(store);
    store.append = async (appends) => {
      await append(appends);
      store.append = append;
      throw new StoreError("unavailable", "the answer was lost");
    };
    ann.submit(1, 0, [{ insert: "A" }]);
    await world.quiet(20);
    expect(ann.last("rejected").error.retry).toBe(true);
    ann.drop();
    const back = await world.join("ann", "ann-1", 0);
    expect(back.last("opened")).toMatchObject({ version: 0, sequence: 0, changes: [] });
    back.submit(1, 0, [{ insert: "A" }]);
    await world.quiet(2000);
    expect(versions(back)).toEqual([1]);
    expect(await text(world)).toBe("A");
  });

  it("what a client sent before it learnt that the server closed the document is no fault of its own", async () => {
    const world = await World.create({ errorsPerConnection: 2 });
    const ann = await world.join("ann");
    await world.done(world.store.claim("doc"));
    ann.submit(1, 0, [{ insert: "A" }]);
    await world.quiet();
    const told = ann.errors().length;
    for (let count = 0; count < 5; count += 1) ann.submit(1, 0, [{ insert: "A" }]);
    ann.say({ type: "move", document: "doc", cursor: null });
    await world.quiet();
    expect(ann.errors().length).toBe(told);
    expect(ann.closedWith).toBeUndefined();
  });

  it("G2: a server whose document was claimed by another one is fenced, and its people come back", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    await world.done(world.store.claim("doc"));
    ann.submit(1, 0, [{ insert: "A" }]);
    await world.quiet();
    expect(ann.last("rejected").error.retry).toBe(true);
    expect(ann.last("closed").error.retry).toBe(true);
    ann.say({ type: "open", document: "doc", client: "ann-1", version: 0 });
    await world.quiet();
    ann.submit(1, 0, [{ insert: "A" }]);
    await world.quiet();
    expect(versions(ann)).toEqual([1]);
  });
});

describe("loading", () => {
  it("S4: a snapshot every 500 operations; a restart loads it and the tail", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    for (let sequence = 1; sequence <= 520; sequence += 1) {
      ann.submit(sequence, sequence - 1, [{ insert: "x" }]);
      await world.quiet(20);
    }
    const snapshot = await world.done(world.store.snapshot("doc", 1000));
    expect(snapshot?.version).toBe(500);
    world.restart();
    expect(await text(world)).toBe("x".repeat(520));
  });

  it("any version can be read", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    for (const [index, letter] of ["a", "b", "c"].entries()) {
      ann.submit(index + 1, index, [{ retain: index }, { insert: letter }].slice(index === 0 ? 1 : 0));
      await world.quiet();
    }
    const read = async (version: number) =>
      (await world.done(world.server.documents.contentAt("doc", version))).content.text();
    expect([await read(0), await read(1), await read(2), await read(3)]).toEqual(["", "a", "ab", "abc"]);
    await expect(world.done(world.server.documents.contentAt("doc", 4))).rejects.toMatchObject({
      code: "future_version",
    });
  });

  it("an idle document is unloaded with a snapshot and loads again", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    ann.submit(1, 0, [{ insert: "A" }]);
    await world.quiet();
    ann.drop();
    await world.quiet(601_000);
    expect(world.server.documents.loaded("doc")).toBeUndefined();
    expect((await world.done(world.store.snapshot("doc", 9)))?.version).toBe(1);
    expect(await text(world)).toBe("A");
  });

  it("stop writes what is pending and tells people to come back", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    ann.submit(1, 0, [{ insert: "A" }]);
    await world.clock.settle();
    await world.done(world.server.stop());
    expect(ann.last("closed").error).toMatchObject({ code: "shutting_down", retry: true });
    world.restart();
    expect(await text(world)).toBe("A");
  });
});
