import { CLOSE_CODES, TuttiError } from "@tutti/protocol";
import { describe, expect, it } from "vitest";
import type { Protection } from "../../src/protection/defaults.js";
import { type Peer, World } from "../harness.js";

const limited = (protection: Partial<Protection> = {}): Promise<World> =>
  World.create({}, { identicalInserts: "keep", rateLimits: true, protection });

/**
 * Sends one operation after the other, each as soon as the one before is acknowledged, and again after `retryAfter` where
 * it was refused: what every client does that keeps to the protocol. Nobody else writes.
 * @returns how many were acknowledged
 */
async function sendAsAcknowledged(world: World, peer: Peer, milliseconds: number, from = 0): Promise<number> {
  const end = world.clock.now() + milliseconds;
  let sequence = from;
  while (world.clock.now() < end && peer.closedWith === undefined) {
    sequence += 1;
    await sendUntilTaken(world, peer, sequence);
  }
  return sequence - from;
}

async function sendUntilTaken(world: World, peer: Peer, sequence: number): Promise<void> {
  for (;;) {
    const answers = peer.received.length;
    peer.submit(sequence, sequence - 1, [{ insert: "x" }]);
    await world.clock.runUntil(() => peer.received.length > answers || peer.closedWith !== undefined, 10_000);
    const answer = peer.received.at(-1);
    if (answer?.type !== "rejected") return;
    expect(answer.error).toMatchObject({ code: "rate_limited", retry: true });
    expect(peer.closedWith).toBeUndefined();
    await waitAlive(world, peer, answer.error.retryAfter ?? 0);
  }
}

/** Lets time pass with a heartbeat now and then. */
async function waitAlive(world: World, peer: Peer, milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 10_000) {
    peer.say({ type: "ping" });
    await world.clock.advance(Math.min(left, 10_000));
  }
}

const codes = (peer: Peer): ReadonlySet<string> => new Set(peer.errors());

describe("L1: rate limits", () => {
  it("whoever sends as soon as acknowledged is slowed to the limits, never cut off, and loses nothing", async () => {
    const world = await limited();
    const ann = await world.join("ann");
    const first = await sendAsAcknowledged(world, ann, 10_000);
    expect(first).toBeGreaterThan(400);
    expect(first).toBeLessThanOrEqual(500);
    expect(ann.closedWith).toBeUndefined();
    expect(codes(ann)).toEqual(new Set(["rate_limited"]));
    const { content } = await world.done(world.server.documents.contentAt("doc", undefined));
    expect(content.length).toBe(first);
  });

  it("the sustained rate holds for as long as it goes on", async () => {
    const world = await limited({ operationsPerUserSustained: 200 });
    const ann = await world.join("ann");
    const sent = await sendAsAcknowledged(world, ann, 180_000);
    // The last one was begun in time, and waited.
    expect(sent).toBeLessThanOrEqual(601);
    expect(sent).toBeGreaterThan(500);
    expect(ann.closedWith).toBeUndefined();
  });

  it("an honest fast typist notices nothing: 20 keystrokes a second for a minute are within no limit's reach but one", async () => {
    const world = await limited({ operationsPerUserSustained: 1200 });
    const ann = await world.join("ann");
    for (let sequence = 1; sequence <= 1000; sequence += 1) {
      ann.submit(sequence, 0, [{ insert: "x" }]);
      await world.clock.advance(56);
    }
    expect(ann.errors()).toEqual([]);
  });

  it("the limit of a person counts over all of their connections", async () => {
    const world = await limited({ operationsPerConnection: 50, operationsPerUser: 60 });
    const peers = [await world.join("ann", "a"), await world.join("ann", "b"), await world.join("ann", "c")];
    for (let sequence = 1; sequence <= 30; sequence += 1)
      for (const peer of peers) peer.submit(sequence, 0, [{ insert: "x" }]);
    await world.quiet();
    expect(world.disk.version("doc")).toBe(60);
    expect(peers.flatMap((peer) => peer.errors()).every((code) => code === "rate_limited")).toBe(true);
  });

  it("the limit of a document counts over everybody", async () => {
    const world = await limited({ operationsPerDocument: 5 });
    const peers = await Promise.all(["ann", "bob", "cid"].map((name) => world.join(name)));
    for (const peer of peers) for (const sequence of [1, 2, 3]) peer.submit(sequence, 0, [{ insert: "x" }]);
    await world.quiet();
    expect(world.disk.version("doc")).toBe(5);
  });

  it("a burst that waits for nothing is refused with the time to wait, and is one offence only", async () => {
    const world = await limited();
    const ann = await world.join("ann");
    for (let sequence = 1; sequence <= 300; sequence += 1) ann.submit(sequence, 0, [{ insert: "x" }]);
    await world.quiet();
    expect(world.disk.version("doc")).toBe(50);
    expect(ann.all("rejected")).toHaveLength(250);
    expect(ann.last("rejected").error).toMatchObject({ code: "rate_limited", retry: true });
    expect(ann.last("rejected").error.retryAfter).toBeGreaterThan(0);
    expect(ann.closedWith).toBeUndefined();
    await world.clock.advance(1200);
    ann.submit(51, 0, [{ insert: "x" }]);
    await world.quiet();
    expect(world.disk.version("doc")).toBe(51);
  });

  it("whoever goes on regardless is suspended, with the time to come back, and the others go on", async () => {
    const world = await limited();
    const ann = await world.join("ann");
    const eve = await world.join("eve");
    for (let round = 0; round < 200 && eve.closedWith === undefined; round += 1) {
      for (let sequence = 1; sequence <= 40; sequence += 1) eve.submit(sequence, 0, [{ insert: "x" }]);
      await world.clock.advance(100);
    }
    expect(eve.closedWith).toEqual({ code: CLOSE_CODES.suspended, reason: "suspended" });
    expect(eve.last("failed").error).toMatchObject({ code: "suspended", retry: true, retryAfter: 30_000 });

    const back = await world.join("eve", "eve-2");
    expect(back.last("failed").error.code).toBe("suspended");
    expect(back.last("failed").error.retryAfter).toBeLessThanOrEqual(30_000);
    expect(back.closedWith?.code).toBe(CLOSE_CODES.suspended);

    const before = world.disk.version("doc");
    ann.submit(1, 0, [{ insert: "x" }]);
    await world.quiet();
    expect(world.disk.version("doc")).toBe(before + 1);
    await world.clock.advance(30_000);
    expect((await world.join("eve", "eve-3")).closedWith).toBeUndefined();
  });

  it("off switches rates, quotas and suspensions off", async () => {
    const world = await World.create(
      {},
      { rateLimits: false, protection: { operationsPerConnection: 1, connectionsPerUser: 1 } },
    );
    await world.join("ann", "a");
    const ann = await world.join("ann", "b");
    for (let sequence = 1; sequence <= 300; sequence += 1) ann.submit(sequence, 0, [{ insert: "x" }]);
    await world.quiet();
    expect([ann.errors(), world.disk.version("doc")]).toEqual([[], 300]);
  });
});

describe("L5: floods of frames", () => {
  it("reading pauses until the rate is kept, and goes on by itself", async () => {
    const world = await limited({ framesPerSecond: 100, framesBurst: 200 });
    const ann = await world.join("ann");
    for (let count = 0; count < 250; count += 1) ann.say({ type: "ping" });
    expect(ann.pauses).toBe(1);
    await world.clock.advance(400);
    expect(ann.pauses).toBe(1);
    await world.clock.advance(200);
    expect([ann.pauses, ann.closedWith]).toEqual([0, undefined]);
    expect(ann.all("pong")).toHaveLength(250);
  });

  it("bytes count over all connections of a person, whatever they hold", async () => {
    const world = await limited({ bytesPerSecond: 1000, bytesBurst: 10_000 });
    const [a, b] = [await world.join("ann", "a"), await world.join("ann", "b")];
    for (const peer of [a, b]) peer.raw(" ".repeat(6000));
    expect([a.pauses, b.pauses]).toEqual([0, 1]);
  });

  it("whoever can't be held back is cut off, and may come again", async () => {
    const world = await limited({ framesPerSecond: 100, framesBurst: 200 });
    const eve = await world.join("eve");
    for (let count = 0; count < 500; count += 1) eve.say({ type: "ping" });
    expect(eve.closedWith).toEqual({ code: CLOSE_CODES.overloaded, reason: "rate_limited" });
    expect(eve.pauses).toBe(0);
  });

  it("junk that goes on over many connections ends in a suspension", async () => {
    const world = await limited();
    let peer = await world.join("eve", "eve-0");
    for (let round = 1; round <= 12 && peer.closedWith?.code !== CLOSE_CODES.suspended; round += 1) {
      for (let count = 0; count < 20; count += 1) peer.raw("junk");
      expect(peer.closedWith?.code).toBe(CLOSE_CODES.misbehaved);
      await world.clock.advance(1000);
      peer = await world.join("eve", `eve-${round}`);
    }
    expect(peer.closedWith?.code).toBe(CLOSE_CODES.suspended);
  });

  it("while the token is looked at nothing more is read, and what came early is bounded", async () => {
    const world = await limited();
    const eve = world.connect();
    eve.say({ type: "hello", token: "eve" });
    expect(eve.pauses).toBe(1);
    for (let count = 0; count < 5; count += 1) eve.raw(" ".repeat(400_000));
    expect(codes(eve)).toEqual(new Set(["unexpected_message"]));
    await world.quiet();
    expect(eve.pauses).toBe(0);
  });
});

describe("L3: quotas", () => {
  const codeOf = (act: () => void): string => {
    try {
      act();
      return "let in";
    } catch (error) {
      if (!(error instanceof TuttiError)) throw error;
      expect(error.retryAfter).toBeGreaterThan(0);
      return error.code;
    }
  };

  it("connections of one person; a place is free again when one is closed", async () => {
    const world = await limited({ connectionsPerUser: 2 });
    const first = await world.join("ann", "a");
    await world.join("ann", "b");
    const third = await world.join("ann", "c");
    expect(third.closedWith?.code).toBe(CLOSE_CODES.overloaded);
    expect(third.last("failed").error).toMatchObject({ code: "too_many_connections", retry: true });
    expect((await world.join("bob", "d")).closedWith).toBeUndefined();
    first.drop();
    expect((await world.join("ann", "e")).closedWith).toBeUndefined();
  });

  it("connections from one address, open and new ones; this machine is not counted", async () => {
    const world = await limited({ connectionsPerAddress: 2, newConnectionsPerAddress: 3 });
    const { guard } = world.server;
    const far = "203.0.113.7";
    const peers = [world.connect("tutti.v1+json", far), world.connect("tutti.v1+json", far)];
    expect(codeOf(() => guard.admit(far))).toBe("too_many_connections");
    expect(codeOf(() => guard.admit("203.0.113.8"))).toBe("let in");
    for (const peer of peers) peer.drop();
    expect(codeOf(() => guard.admit(far))).toBe("let in");
    world.connect("tutti.v1+json", far).drop();
    expect(codeOf(() => guard.admit(far))).toBe("too_many_connections");
    await world.clock.advance(67_000);
    expect(codeOf(() => guard.admit(far))).toBe("let in");
    for (let count = 0; count < 10; count += 1) world.connect("tutti.v1+json", "::ffff:127.0.0.1");
    expect(codeOf(() => guard.admit("::ffff:127.0.0.1"))).toBe("let in");
  });

  it("all connections together", async () => {
    const world = await limited({ connections: 3 });
    const { guard } = world.server;
    for (let count = 0; count < 3; count += 1) world.connect();
    expect(codeOf(() => guard.admit(undefined))).toBe("too_many_connections");
  });

  it("new documents of one person", async () => {
    const { guard } = (await limited({ newDocumentsPerUser: 2 })).server;
    expect(["ann", "ann", "ann", "bob"].map((user) => codeOf(() => guard.createDocument(user)))).toEqual([
      "let in",
      "let in",
      "quota_exceeded",
      "let in",
    ]);
  });

  it("documents that one person keeps", async () => {
    const { guard } = (await limited({ documentsPerUser: 2 })).server;
    expect([0, 1, 2, 3].map((kept) => codeOf(() => guard.keepDocument(kept)))).toEqual([
      "let in",
      "let in",
      "quota_exceeded",
      "quota_exceeded",
    ]);
  });
});
