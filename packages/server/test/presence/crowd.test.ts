import type { Operation } from "@tutti/ot";
import { describe, expect, it } from "vitest";
import type { Peer, World } from "../harness.js";
import { arrive, move, seenBy, worldOf } from "./room-of-peers.js";

const crowdOf = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `vic${index}`);
const CROWD = crowdOf(70);

async function crowded(presence = {}): Promise<{ world: World; eva: Peer; crowd: Peer[] }> {
  const roles = Object.fromEntries(CROWD.map((name) => [name, "commenter" as const]));
  const world = await worldOf(roles, { presence });
  const eva = await arrive(world, "eva");
  const crowd: Peer[] = [];
  for (const name of CROWD) crowd.push(await arrive(world, name));
  return { world, eva, crowd };
}
const viewersSeenBy = (peer: Peer): readonly string[] =>
  [...seenBy(peer).values()].filter(({ activity }) => activity === "viewing").map(({ client }) => client);

describe("a document with many who view (S11)", () => {
  it("shows all who edit, and of those who view a sample that stays full", async () => {
    const { world, eva, crowd } = await crowded();
    expect(viewersSeenBy(eva)).toHaveLength(50);
    await arrive(world, "ann");
    expect(seenBy(eva).has("ann-1")).toBe(true);
    // Whoever is not shown yet does not lose their turn by moving.
    crowd[50]?.say(move(0, 0));
    crowd[0]?.drop();
    await world.clock.advance(1000);
    expect(viewersSeenBy(eva)).toEqual(CROWD.slice(1, 51).map((name) => `${name}-1`));
    for (const peer of crowd.slice(1, 30)) peer.drop();
    await world.clock.advance(1000);
    expect(viewersSeenBy(eva)).toEqual(CROWD.slice(30).map((name) => `${name}-1`));
    const late = await arrive(world, "late");
    expect(viewersSeenBy(late)).toHaveLength(40);
  });

  it("tells those who view less often, and those who edit on each tick", async () => {
    const { world, eva, crowd } = await crowded({ messages: 70 });
    const counts = (): number[] => [eva, crowd[0], crowd[69]].map((peer) => peer?.all("presence").length ?? 0);
    const ann = await arrive(world, "ann");
    await world.clock.advance(2000);
    const before = counts();
    for (let turn = 0; turn < 50; turn += 1) {
      ann.say(move(0, 0));
      await world.clock.advance(100);
    }
    const [editor = 0, first = 0, last = 0] = counts().map((count, index) => count - (before[index] ?? 0));
    expect(editor).toBeGreaterThanOrEqual(49);
    // 70 viewers, 70 messages a second: one for each.
    for (const viewer of [first, last]) {
      expect(viewer).toBeGreaterThanOrEqual(4);
      expect(viewer).toBeLessThanOrEqual(6);
    }
    await world.clock.advance(2000);
    expect(seenBy(crowd[69] as Peer).get("ann-1")?.cursor).toEqual({ anchor: 0, head: 0, version: 0 });
  });

  it("those who are sent the same get the same frame", async () => {
    const { world, eva } = await crowded();
    const ann = await arrive(world, "ann");
    await world.clock.advance(1000);
    const frames = new Set<string>();
    ann.say(move(0, 0));
    await world.quiet();
    for (const peer of [eva, ann]) frames.add(JSON.stringify(peer.last("presence")));
    expect(frames.size).toBe(1);
  });
});

describe("places (S11)", () => {
  it("whoever gives a place up is seen as one who views from then on, without having to say so", async () => {
    const world = await worldOf({ vic: "viewer" });
    const [vic, ann, bob] = [await arrive(world, "vic"), await arrive(world, "ann"), await arrive(world, "bob")];
    expect([...seenBy(vic).keys()]).toEqual(["ann-1", "bob-1"]);
    ann.say({ type: "ask", document: "doc", wish: "view" });
    await world.clock.advance(1000);
    expect([...seenBy(vic).keys()]).toEqual(["bob-1"]);
    expect(seenBy(bob).get("ann-1")).toMatchObject({ activity: "viewing" });
    ann.say({ type: "ask", document: "doc", wish: "edit" });
    await world.clock.advance(1000);
    expect([...seenBy(vic).keys()]).toEqual(["bob-1", "ann-1"]);
  });
});

describe("text in rounds (S11)", () => {
  it("P4: cursors come with the text that they belong to, and none ends amid operations that come as one", async () => {
    const { world, eva, crowd } = await crowded();
    const viewer = crowd[0] as Peer;
    world.server.documents.loaded("doc")?.crowd(500, 1000);
    await world.quiet();
    const ann = await arrive(world, "ann");
    for (let turn = 0; turn < 40; turn += 1) {
      const operation: Operation = turn === 0 ? [{ insert: "x" }] : [{ retain: turn }, { insert: "x" }];
      ann.submit(turn + 1, turn, operation);
      await world.clock.advance(40);
      if (turn < 20 && turn % 5 === 0) ann.say(move(turn + 1, turn + 1));
    }
    await world.clock.advance(3000);
    const ends = new Set(viewer.all("committed").map(({ version, changes }) => endOf(version, changes)));
    const versions = viewer.all("presence").flatMap(({ moved }) => (moved === undefined ? [] : [moved.version]));
    expect(ends.size).toBeGreaterThan(2);
    expect(ends.size).toBeLessThan(10);
    expect(versions.length).toBeGreaterThan(2);
    expect(versions.filter((version) => version > 0 && !ends.has(version))).toEqual([]);
    // Ann's own typing carried her cursor, which those who get it as one operation can't see.
    expect(seenBy(viewer).get("ann-1")?.cursor).toEqual({ anchor: 40, head: 40, version: 40 });
    expect(eva.all("committed").length).toBe(40);
  });
});

const endOf = (version: number, changes: readonly { readonly versions?: number | undefined }[]): number =>
  changes.reduce((end, { versions = 1 }) => end + versions, version - 1);
