import { describe, expect, it } from "vitest";
import { type Peer, World } from "../harness.js";

/** One a second, none at once but the first, and nobody waits for longer than two seconds. */
const NARROW = { admissionsPerSecond: 1, admissionsBurst: 1, admissionWait: 2000, retryAfter: 100 };

const narrow = (): Promise<World> => World.create({}, { rateLimits: true, protection: NARROW });

function greet(world: World, person: string): Peer {
  const peer = world.connect();
  peer.say({ type: "hello", token: person });
  return peer;
}

const isIn = (peer: Peer): boolean => peer.all("welcome").length > 0;

/** When a peer was told to come, in milliseconds from now; undefined: it was not turned away. */
function told(peer: Peer): number | undefined {
  const [failed] = peer.all("failed");
  if (failed === undefined) return undefined;
  expect(failed.error).toMatchObject({ code: "overloaded", retry: true });
  expect(peer.closedWith).toEqual({ code: 4003, reason: "overloaded" });
  return failed.error.retryAfter;
}

describe("S10: more connections than the server lets in at once", () => {
  it("wait for their `welcome`, with what they said already, and nothing is read from them meanwhile", async () => {
    const world = await narrow();
    const peers = ["ann", "bob", "cyd"].map((person) => greet(world, person));
    const [, , last] = peers;
    last?.say({ type: "open", document: "doc", client: "cyd-1" });
    await world.quiet(10);
    expect(peers.map(isIn)).toEqual([true, false, false]);
    expect(peers.map(({ pauses }) => pauses)).toEqual([0, 1, 1]);
    await world.quiet(2500);
    expect(peers.map(isIn)).toEqual([true, true, true]);
    expect(peers.map(({ pauses }) => pauses)).toEqual([0, 0, 0]);
    expect(last?.all("opened")).toHaveLength(1);
  });

  it("are told when to come, each a moment of its own, and are let in then", async () => {
    const world = await narrow();
    const people = Array.from({ length: 8 }, (_, index) => `p${index}`);
    const peers = people.map((person) => greet(world, person));
    await world.quiet(10);
    const times = peers.map(told);
    expect(times.map((time) => time !== undefined)).toEqual([false, false, false, true, true, true, true, true]);
    expect(new Set(times.slice(3)).size).toBe(5);
    const back: { readonly person: string; readonly at: number; readonly peer: Peer }[] = [];
    for (const [index, time] of times.entries()) {
      if (time === undefined) continue;
      world.clock.schedule(time, () => {
        const person = people[index] ?? "";
        back.push({ person, at: world.clock.now(), peer: greet(world, person) });
      });
    }
    await world.quiet(9000);
    expect(back.map(({ peer }) => isIn(peer))).toEqual([true, true, true, true, true]);
  });

  it("do not hold up others when they leave while they wait, and nothing is left of them", async () => {
    const world = await narrow();
    const peers = Array.from({ length: 4 }, (_, index) => greet(world, `p${index}`));
    await world.quiet(10);
    expect(world.server.guard.admission.waiting).toBe(2);
    peers[1]?.drop();
    peers[2]?.drop();
    expect(world.server.guard.admission.waiting).toBe(0);
    const next = greet(world, "next");
    await world.quiet(1100);
    expect(isIn(next)).toBe(true);
    expect(peers.slice(1, 3).map(isIn)).toEqual([false, false]);
  });

  it("are sent away with everybody else when the server stops", async () => {
    const world = await narrow();
    const peers = ["ann", "bob"].map((person) => greet(world, person));
    await world.quiet(10);
    await world.done(world.server.drain({ window: 1000 }));
    expect(peers.map((peer) => peer.last("failed").error.code)).toEqual(["shutting_down", "shutting_down"]);
    expect(world.server.guard.admission.waiting).toBe(0);
  });

  it("come as they like where limits are off", async () => {
    const world = await World.create({}, { rateLimits: false, protection: NARROW });
    const peers = Array.from({ length: 20 }, (_, index) => greet(world, `p${index}`));
    await world.quiet(10);
    expect(peers.every(isIn)).toBe(true);
  });
});
