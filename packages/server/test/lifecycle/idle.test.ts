import { CLOSE_CODES, isPermanentClose } from "@tutti/protocol";
import { describe, expect, it } from "vitest";
import { type Peer, World } from "../harness.js";

/** Lets minutes pass in which these people's clients send nothing but heartbeats. */
async function wait(world: World, minutes: number, ...peers: readonly Peer[]): Promise<void> {
  for (let beat = 0; beat < minutes * 4; beat += 1) {
    for (const peer of peers) if (peer.closedWith === undefined) peer.say({ type: "ping" });
    await world.quiet(15_000);
  }
}

describe("C11: an idle connection", () => {
  it("is closed after five minutes, within one more, with a code that is no error", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    await wait(world, 4.75, ann);
    expect(ann.closedWith).toBeUndefined();
    await wait(world, 1.5, ann);
    expect(ann.closedWith?.code).toBe(CLOSE_CODES.idle);
    expect(isPermanentClose(CLOSE_CODES.idle)).toBe(false);
  });

  it("is not idle while somebody else writes what it shows, or its own cursor moves", async () => {
    const world = await World.create();
    const [ann, bob, cid] = await Promise.all(["ann", "bob", "cid"].map((name) => world.join(name)));
    if (ann === undefined || bob === undefined || cid === undefined) throw new Error("three came");
    for (let turn = 1; turn <= 3; turn += 1) {
      await wait(world, 3, ann, bob, cid);
      bob.submit(turn, turn - 1, [{ insert: "x" }]);
      await world.quiet();
    }
    expect([ann, bob, cid].map((peer) => peer.closedWith)).toEqual([undefined, undefined, undefined]);
    await wait(world, 3, ann, bob, cid);
    ann.say({ type: "move", document: "doc", cursor: null });
    await wait(world, 4, ann, bob, cid);
    expect([ann, bob, cid].map((peer) => peer.closedWith?.code)).toEqual([undefined, 4004, 4004]);
  });

  it("stays where the operator says so", async () => {
    const world = await World.create({}, { idle: 0 });
    const ann = await world.join("ann");
    await wait(world, 30, ann);
    expect(ann.closedWith).toBeUndefined();
  });
});
