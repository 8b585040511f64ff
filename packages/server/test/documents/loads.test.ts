import { describe, expect, it } from "vitest";
import { World } from "../harness.js";

/** Counts what a world reads of its documents, and lets each read take a while. */
function counting(world: World) {
  const counts = { loads: 0, now: 0, most: 0 };
  const { store } = world;
  const claim = store.claim.bind(store);
  store.claim = async (id) => {
    counts.loads += 1;
    counts.now += 1;
    counts.most = Math.max(counts.most, counts.now);
    await new Promise<void>((resolve) => void world.clock.schedule(20, resolve));
    counts.now -= 1;
    return claim(id);
  };
  return counts;
}

async function withDocuments(count: number, protection: { loadsAtOnce: number; loadQueue: number }): Promise<World> {
  const world = await World.create({}, { protection });
  for (let index = 0; index < count; index += 1) {
    const record = { title: "T", kind: "plain", identicalInserts: "merge", createdBy: "ann" } as const;
    await world.done(world.store.createDocument({ ...record, id: `d${index}`, createdAt: 1, updatedAt: 1 }));
  }
  return world;
}

describe("S3, S10: many open documents at once", () => {
  it("one document that 300 people open is read once", async () => {
    const world = await World.create();
    const counts = counting(world);
    const peers = Array.from({ length: 300 }, (_, index) => {
      const peer = world.connect();
      peer.say({ type: "hello", token: `p${index}` });
      peer.say({ type: "open", document: "doc", client: `c${index}` });
      return peer;
    });
    await world.quiet(1000);
    expect(peers.every((peer) => peer.all("opened").length === 1)).toBe(true);
    expect(counts.loads).toBe(1);
  });

  it("200 documents that 600 people open are read once each, and only so many at once", async () => {
    const world = await withDocuments(200, { loadsAtOnce: 8, loadQueue: 1000 });
    const counts = counting(world);
    const peers = Array.from({ length: 600 }, (_, index) => {
      const peer = world.connect();
      peer.say({ type: "hello", token: `p${index}` });
      peer.say({ type: "open", document: `d${index % 200}`, client: `c${index}` });
      return peer;
    });
    await world.quiet(2000);
    expect(peers.every((peer) => peer.all("opened").length === 1)).toBe(true);
    expect([counts.loads, counts.most]).toEqual([200, 8]);
  });

  it("whoever opens one document does not wait for all those of somebody else", async () => {
    const world = await withDocuments(50, { loadsAtOnce: 1, loadQueue: 1000 });
    counting(world);
    const many = world.connect();
    many.say({ type: "hello", token: "many" });
    for (let index = 0; index < 50; index += 1) many.say({ type: "open", document: `d${index}`, client: "many-1" });
    const one = world.connect();
    one.say({ type: "hello", token: "one" });
    one.say({ type: "open", document: "doc", client: "one-1" });
    await world.clock.runUntil(() => one.all("opened").length === 1, 5000);
    expect(many.all("opened").length).toBeLessThan(5);
  });

  it("beyond what may wait, opening is refused for now; nothing is left of it, and it works later", async () => {
    const world = await withDocuments(5, { loadsAtOnce: 1, loadQueue: 2 });
    counting(world);
    const peer = world.connect();
    peer.say({ type: "hello", token: "ann" });
    for (let index = 0; index < 5; index += 1) peer.say({ type: "open", document: `d${index}`, client: "ann-1" });
    await world.quiet(500);
    expect(peer.all("opened")).toHaveLength(3);
    const refused = peer.all("closed");
    expect(refused.map(({ error }) => [error.code, error.retry])).toEqual([
      ["overloaded", true],
      ["overloaded", true],
    ]);
    expect(refused.every(({ error }) => (error.retryAfter ?? 0) >= 1000)).toBe(true);
    for (const { document } of refused) peer.say({ type: "open", document, client: "ann-1" });
    await world.quiet(500);
    expect(peer.all("opened")).toHaveLength(5);
  });
});
