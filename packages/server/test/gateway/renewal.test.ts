import { testToken } from "@tutti/testkit";
import { describe, expect, it } from "vitest";
import { type Peer, World } from "../harness.js";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** A connection of ann, with a token that is good for so long. */
async function joined(
  lifetime: number,
): Promise<{ world: World; peer: Peer; renew: (token: string) => Promise<void> }> {
  const world = await World.create({}, { idle: 0 });
  const peer = await world.join(testToken("ann", world.clock.now() + lifetime));
  const renew = async (token: string): Promise<void> => {
    peer.say({ type: "hello", token });
    await world.quiet();
  };
  return { world, peer, renew };
}

/** Lets time pass for a client that keeps its connection alive. */
async function live(world: World, peer: Peer, milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds && peer.closedWith === undefined; passed += 10_000) {
    await world.clock.advance(Math.min(10_000, milliseconds - passed));
    peer.say({ type: "ping" });
  }
}

describe("a token that expires (A1)", () => {
  it("says so in welcome; one that does not says nothing", async () => {
    const { peer } = await joined(MINUTE);
    expect(peer.last("welcome").expiresIn).toBe(MINUTE);
    const world = await World.create();
    expect((await world.join("ann")).last("welcome")).not.toHaveProperty("expiresIn");
  });

  it("ends the connection with 4401 when it was not renewed, not a moment before", async () => {
    const { world, peer } = await joined(MINUTE);
    await live(world, peer, MINUTE - 201);
    expect(peer.closedWith).toBeUndefined();
    await world.clock.advance(1);
    expect(peer.closedWith).toMatchObject({ code: 4401 });
    expect(peer.last("failed").error).toMatchObject({ code: "unauthenticated", message: "the token has expired" });
  });

  it("may be good for longer than a timer can count", async () => {
    const { world, peer } = await joined(30 * DAY);
    await live(world, peer, MINUTE);
    expect(peer.closedWith).toBeUndefined();
    expect(peer.last("welcome").expiresIn).toBe(30 * DAY);
  });

  it("is renewed by another hello: another welcome, and nothing else changes", async () => {
    const { world, peer, renew } = await joined(MINUTE);
    const other = await world.join("bob");
    const ofAnn = () => other.all("presence").filter(({ entries }) => entries.some(({ client }) => client === "ann-1"));
    const seen = ofAnn().length;
    await live(world, peer, 30_000);
    await renew(testToken("ann", world.clock.now() + 2 * MINUTE));
    expect(peer.all("welcome").map(({ user, expiresIn }) => [user.id, expiresIn])).toEqual([
      ["ann", MINUTE],
      ["ann", 2 * MINUTE],
    ]);
    peer.submit(1, 0, [{ insert: "still here" }]);
    await live(world, peer, MINUTE);
    expect(peer.closedWith).toBeUndefined();
    expect(peer.all("opened")).toHaveLength(1);
    expect(peer.last("committed").version).toBe(1);
    expect(ofAnn()).toHaveLength(seen);
    await live(world, peer, MINUTE);
    expect(peer.closedWith).toMatchObject({ code: 4401 });
  });

  it.each([
    ["somebody else's", (now: number) => testToken("bob", now + DAY), "forbidden"],
    ["a forged one", () => "bad", "unauthenticated"],
    ["an expired one", (now: number) => testToken("ann", now - 1), "unauthenticated"],
  ])("is not renewed by %s: a typed error, and the one before stays good until its end", async (_name, token, code) => {
    const { world, peer, renew } = await joined(MINUTE);
    await renew(token(world.clock.now()));
    expect(peer.last("failed").error.code).toBe(code);
    expect(peer.all("welcome")).toHaveLength(1);
    peer.submit(1, 0, [{ insert: "a" }]);
    await world.quiet();
    expect(peer.last("committed").version).toBe(1);
    await live(world, peer, MINUTE);
    expect(peer.closedWith).toMatchObject({ code: 4401 });
  });

  it("is verified once at a time", async () => {
    const { world, peer } = await joined(MINUTE);
    const token = testToken("ann", world.clock.now() + DAY);
    peer.say({ type: "hello", token });
    peer.say({ type: "hello", token });
    await world.quiet();
    expect(peer.errors()).toEqual(["unexpected_message"]);
    expect(peer.all("welcome")).toHaveLength(2);
    peer.say({ type: "hello", token });
    await world.quiet();
    expect(peer.all("welcome")).toHaveLength(3);
  });

  it("of a connection that is gone wakes nobody", async () => {
    const { world } = await joined(MINUTE);
    let closes = 0;
    const close = (): void => {
      closes += 1;
    };
    const events = world.server.accept({ send: () => undefined, close, bufferedBytes: 0 }, "tutti.v1+json");
    const token = testToken("ann", world.clock.now() + MINUTE);
    events.frame(JSON.stringify({ type: "hello", token }));
    await world.quiet();
    events.closed(1006, "");
    await world.clock.advance(2 * MINUTE);
    expect(closes).toBe(0);
  });
});
