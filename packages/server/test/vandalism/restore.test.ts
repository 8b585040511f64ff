import { Document, invert, type Operation } from "@tutti/ot";
import { SeededRandom } from "@tutti/testkit";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StoreError } from "../../src/storage/store.js";
import { inParts } from "../../src/vandalism/restoration.js";
import { Follower } from "../documents/follower.js";
import type { World } from "../harness.js";
import { callerOf, contentOf, joinWithAlerts, linger, PAGE, pageOf, textOf } from "./given.js";

const restore = (world: World, version: number, who = "ann") =>
  world.done(world.server.vandalism.restore("doc", version, callerOf(who)));

describe("restoring what somebody deleted", () => {
  it("L4: it comes back to where it was, what others wrote since stays, and everybody is told as of any edit", async () => {
    const { world, ann, bob } = await pageOf();
    bob.submit(1, 1, [{ retain: 100 }, { delete: 800 }]);
    await world.quiet();
    ann.submit(1, 2, [{ retain: 50 }, { insert: "A" }, { retain: 100 }, { insert: "B" }]);
    await world.quiet();
    expect(await restore(world, 2)).toMatchObject({ version: 4, alert: { settled: { how: "restored", version: 4 } } });
    expect(await textOf(world)).toBe(
      `${PAGE.slice(0, 50)}A${PAGE.slice(50, 100)}${PAGE.slice(100, 950)}B${PAGE.slice(950)}`,
    );
    expect(bob.last("committed")).toMatchObject({ version: 4, changes: [{ sequence: 1, user: "ann" }] });
    expect(bob.last("alert")).toMatchObject({ version: 2, settled: true });
  });

  it("L4: whoever brings it back did not write it: the content check does not see it again", async () => {
    const users: string[] = [];
    const contentCheck = { check: ({ user }: { readonly user: string }) => void users.push(user) };
    const { world, bob } = await pageOf({ contentCheck });
    users.length = 0;
    bob.submit(1, 1, [{ delete: 1000 }]);
    await world.quiet();
    await restore(world, 2, "cem");
    await world.quiet(3000);
    expect(users).toEqual([]);
  });

  it("L4: a second click, by anybody, at once or after a restart, changes nothing", async () => {
    const { world, bob } = await pageOf();
    bob.submit(1, 1, [{ delete: 1000 }]);
    await world.quiet();
    const [first, second] = await Promise.all([restore(world, 2, "ann"), restore(world, 2, "bob")]);
    expect([first.version, second.version]).toEqual([3, 3]);
    expect((await restore(world, 2, "cem")).version).toBe(3);
    world.restart();
    expect((await restore(world, 2, "cem")).version).toBe(3);
    expect(await textOf(world)).toBe(PAGE);
  });

  it("L4: not even when the server stopped between bringing the text back and writing that down", async () => {
    const { world, bob } = await pageOf();
    bob.submit(1, 1, [{ delete: 1000 }]);
    await world.quiet();
    world.store.audit = () => Promise.reject(new StoreError("unavailable", "no disk"));
    await expect(restore(world, 2)).rejects.toMatchObject({ code: "unavailable" });
    world.restart();
    expect((await restore(world, 2, "cem")).version).toBe(3);
    expect(await textOf(world)).toBe(PAGE);
  });

  it("L4: formatting and embeds come back too", async () => {
    const { world, ann, bob } = await pageOf({ vandalism: { length: 1 } });
    ann.submit(1, 1, [
      { delete: 1000 },
      { insert: "bold", attributes: { bold: true } },
      { insert: { image: "cat.png" } },
    ]);
    await world.quiet();
    const before = await contentOf(world);
    bob.submit(1, 2, [{ delete: 5 }]);
    await world.quiet();
    await restore(world, 3);
    expect(await contentOf(world)).toEqual(before);
  });

  it("L4: all that the person deletes within the window belongs to it, and what they then write does not", async () => {
    const { world, ann, bob } = await pageOf();
    for (let piece = 1; piece <= 9; piece += 1) {
      bob.submit(piece, piece, [{ insert: "!" }, { retain: 10 + piece }, { delete: 100 }]);
      await linger(world, 7000, [ann, bob]);
    }
    expect(ann.last("alert")).toMatchObject({ version: 2, removed: 600 });
    await restore(world, 2);
    const text = await textOf(world);
    expect(text.replaceAll("!", "")).toBe(PAGE);
    expect(text.match(/!/g)).toHaveLength(9);
  });

  it("L4: who undid it, or pasted it in again, does not get it twice; there is nothing to commit then", async () => {
    const { world, bob } = await pageOf();
    bob.submit(1, 1, [{ delete: 1000 }]);
    await world.quiet();
    bob.submit(2, 2, [{ insert: PAGE }]);
    await world.quiet();
    expect((await restore(world, 2)).version).toBeUndefined();
    expect(await textOf(world)).toBe(PAGE);
  });

  it("L4: from the store, when memory does not hold the operations any more", async () => {
    const { world, ann, bob } = await pageOf();
    bob.submit(1, 1, [{ retain: 500 }, { delete: 500 }, { insert: "x" }]);
    await world.quiet();
    bob.submit(2, 2, [{ delete: 400 }]);
    await world.quiet();
    for (let edit = 1; edit <= 60; edit += 1) {
      ann.submit(edit, 2 + edit, [{ insert: `${edit},` }]);
      await world.quiet(10);
    }
    world.restart();
    const actor = await world.done(world.server.documents.open("doc"));
    let read = 0;
    const operations = world.store.operations.bind(world.store);
    world.store.operations = (...call) => {
      read += 1;
      return operations(...call);
    };
    actor.recentSince = (version) => (version === actor.version ? [] : undefined);
    await restore(world, 2);
    expect(read).toBeGreaterThan(0);
    const text = await textOf(world);
    expect(text).toHaveLength(1001 + [...Array(60).keys()].reduce((sum, edit) => sum + `${edit + 1},`.length, 0));
    expect(text.replace(/^[\d,]*,(?=line)/, "").replace("x", "")).toBe(PAGE);
  });

  it("L4: where the operations are in an archive that is not there, a typed error says so and nothing changes", async () => {
    const { world, bob } = await pageOf();
    bob.submit(1, 1, [{ delete: 1000 }]);
    await world.quiet();
    const actor = await world.done(world.server.documents.open("doc"));
    actor.recentSince = () => undefined;
    world.store.operations = () => Promise.reject(new StoreError("archived", "moved out"));
    await expect(restore(world, 2)).rejects.toMatchObject({ code: "not_found" });
    expect(await textOf(world)).toBe("");
  });

  it("L4: storage that fails is an error to try again after; then it is restored once", async () => {
    const { world, bob } = await pageOf();
    bob.submit(1, 1, [{ delete: 1000 }]);
    await world.quiet();
    const { append } = world.store;
    world.store.append = () => Promise.reject(new StoreError("unavailable", "no disk"));
    await expect(restore(world, 2)).rejects.toMatchObject({ code: "storage_unavailable" });
    world.store.append = append;
    await world.quiet(20_000);
    expect((await restore(world, 2)).version).toBe(3);
    expect(await textOf(world)).toBe(PAGE);
  });

  it("L2, L4: what does not fit any more is a typed error, and the alert stays", async () => {
    const { world, ann, bob } = await pageOf({}, { documentLength: 1200 });
    bob.submit(1, 1, [{ delete: 900 }]);
    await world.quiet();
    ann.submit(1, 2, [{ insert: PAGE }]);
    await world.quiet();
    await expect(restore(world, 2)).rejects.toMatchObject({ code: "document_too_large" });
    ann.submit(2, 3, [{ delete: 1000 }]);
    await world.quiet();
    expect((await restore(world, 2)).version).toBe(5);
    expect(await textOf(world)).toBe(PAGE);
  });

  it("L4: an unknown alert, and one of flagged content, can't be restored", async () => {
    const { world, bob } = await pageOf({ contentCheck: { check: () => "bad" } });
    bob.submit(1, 1, [{ insert: "x" }]);
    await world.quiet(3000);
    await expect(restore(world, 2)).rejects.toMatchObject({ code: "invalid_request" });
    await expect(restore(world, 7)).rejects.toMatchObject({ code: "not_found" });
  });

  it("L4: it is an edit like any other: who takes it back deletes the same text, and that is an alert of its own", async () => {
    const { world, ann, bob } = await pageOf();
    bob.submit(1, 1, [{ retain: 10 }, { delete: 800 }]);
    await world.quiet();
    await restore(world, 2);
    const [change] = ann.last("committed").changes;
    const { operation = [] } = change ?? {};
    const before = Document.fromDelta([{ insert: PAGE.slice(0, 10) + PAGE.slice(810) }]);
    ann.submit(1, 3, invert(operation, before));
    await world.quiet();
    expect(await textOf(world)).toBe(before.text());
    expect(bob.all("alert").map(({ version, settled }) => [version, settled])).toEqual([
      [2, undefined],
      [2, true],
      [4, undefined],
    ]);
  });

  it("L2: longer texts than one insert may hold are put in parts, between characters", () => {
    const operation: Operation = [
      { retain: 2 },
      { insert: "ab😀cd", attributes: { bold: true } },
      { insert: { x: 1 } },
    ];
    expect(inParts(operation, 3)).toEqual([
      { retain: 2 },
      { insert: "ab", attributes: { bold: true } },
      { insert: "😀c", attributes: { bold: true } },
      { insert: "d", attributes: { bold: true } },
      { insert: { x: 1 } },
    ]);
  });
});

describe("restoring while everybody writes on", () => {
  /** People who write and delete at once, with one who deletes nearly everything among them. */
  async function riot(seed: number) {
    const random = new SeededRandom(seed);
    const { world, bob } = await pageOf({ vandalism: { share: 30 } });
    const people = ["cem", "dan", "eve"];
    const followers: Follower[] = [];
    for (const name of people) {
      followers.push(new Follower(await joinWithAlerts(world, name), `${name}-1`));
    }
    for (const follower of followers) follower.read();
    const written: string[] = [];
    const write = (follower: Follower): void => {
      const letter = String.fromCharCode(0x4e00 + written.length);
      written.push(letter);
      follower.edit([{ retain: random.between(0, follower.seen.length) }, { insert: letter }]);
      follower.submit();
    };
    const round = async (): Promise<void> => {
      for (const follower of followers) {
        follower.read();
        if (random.chance(0.7)) write(follower);
      }
      await world.quiet(random.between(1, 30));
    };
    await round();
    const from = random.between(0, 300);
    bob.submit(1, 1, [{ retain: from }, { delete: random.between(400, 700) }]);
    for (let turn = random.between(1, 6); turn > 0; turn -= 1) await round();
    const [alert] = await world.done(world.server.vandalism.list("doc"));
    const restoring = world.server.vandalism.restore("doc", alert?.version ?? 0, callerOf("cem"));
    for (let turn = 0; turn < 3; turn += 1) await round();
    await world.done(restoring);
    for (let turn = 0; turn < 3; turn += 1) {
      for (const follower of followers) {
        follower.read();
        follower.submit();
      }
      await world.quiet(100);
    }
    for (const follower of followers) follower.read();
    return { world, followers, written };
  }

  it("L4, E9: every deleted unit is there, in its order; every unit written meanwhile too; all replicas agree", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0 }), async (seed) => {
        const { world, followers, written } = await riot(seed);
        const text = await textOf(world);
        expect(text.replace(/[\u4e00-\u9fff]/g, "")).toBe(PAGE);
        expect([...text].filter((unit) => unit >= "\u4e00").sort()).toEqual(written);
        for (const follower of followers) expect(follower.seen.text()).toBe(text);
      }),
      { numRuns: 25 },
    );
  });
});
