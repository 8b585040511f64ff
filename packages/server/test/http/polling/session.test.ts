import { codecFor, type DownMessage, type UpMessage } from "@tutti/protocol";
import { SeededRandom } from "@tutti/testkit";
import { describe, expect, it } from "vitest";
import { PollingSession, SILENCE } from "../../../src/http/polling/session.js";
import { PollingSessions } from "../../../src/http/polling/sessions.js";
import { World } from "../../harness.js";

const codec = codecFor("tutti.v1+json");
const up = (message: UpMessage): string => codec.encode(message) as string;
const HELLO = up({ type: "hello", token: "ann" });
const OPEN = up({ type: "open", document: "doc", client: "ann-1" });
const submit = (sequence: number): string =>
  up({ type: "submit", document: "doc", sequence, version: sequence - 1, operation: [{ insert: "x" }] });
const typesOf = (frames: readonly string[]): readonly DownMessage["type"][] =>
  frames.map((frame) => codec.decodeDown(frame).type);

/** A session of the real server, in virtual time. */
async function connected(settings: Parameters<typeof World.create>[1] = {}) {
  const world = await World.create({}, settings);
  const sessions = new PollingSessions({ server: world.server, clock: world.clock, random: new SeededRandom(3) });
  const id = sessions.open("10.1.1.1");
  const session = sessions.find(id);
  /** What is handed on at the end of a turn has been handled. */
  const turn = async (): Promise<void> => {
    await world.clock.settle();
    await new Promise((resolve) => setImmediate(resolve));
    await world.clock.settle();
  };
  return { world, sessions, id, session, turn };
}

/** A session on which "doc" is open; six messages came so far. */
async function joined(settings: Parameters<typeof World.create>[1] = {}) {
  const made = await connected(settings);
  await made.session.take(1, [HELLO, OPEN]);
  await made.turn();
  await made.world.quiet();
  const { frames } = await made.session.poll(0, 0);
  expect(typesOf(frames).slice(0, 2)).toEqual(["welcome", "opened"]);
  return { ...made, seen: frames.length };
}

/** A promise, and whether it is settled. */
function watched<T>(promise: Promise<T>) {
  const state: { value: T | undefined } = { value: undefined };
  void promise.then((value) => {
    state.value = value;
  });
  return state;
}

describe("C13: messages up", () => {
  it("count once, however often and in whatever portions they come", async () => {
    const { session, turn, world, seen } = await joined();
    expect(await session.take(3, [submit(1)])).toBe(3);
    expect(await session.take(3, [submit(1)])).toBe(3);
    await turn();
    await world.quiet();
    expect(await session.take(3, [submit(1), submit(2)])).toBe(4);
    await turn();
    await world.quiet();
    expect(await session.take(4, [submit(2), submit(3)])).toBe(5);
    expect(await session.take(1, [HELLO])).toBe(5);
    await turn();
    await world.quiet();
    const { frames } = await session.poll(seen, 0);
    expect(typesOf(frames)).not.toContain("failed");
    expect(typesOf(frames)).not.toContain("acknowledged");
    expect(world.disk.version("doc")).toBe(3);
  });

  it("with a gap are refused, and nothing of them is taken", async () => {
    const { session, turn, world } = await joined();
    await expect(session.take(4, [submit(1)])).rejects.toMatchObject({ code: "invalid_request" });
    expect(await session.take(3, [submit(1)])).toBe(3);
    await turn();
    await world.quiet();
    expect(world.disk.version("doc")).toBe(1);
  });

  it("wait while reading is paused; of those that wait, only the newest counts", async () => {
    const { session, turn, world } = await joined();
    const goOn = session.pause();
    const first = watched(session.take(3, [submit(1)]));
    const second = watched(session.take(3, [submit(1), up({ type: "ping" })]));
    await world.quiet();
    expect([first.value, second.value]).toEqual([2, undefined]);
    goOn();
    goOn();
    await turn();
    await world.quiet();
    expect(second.value).toBe(4);
    expect(world.disk.version("doc")).toBe(1);
  });
});

describe("C13: messages down", () => {
  it("come again until they are said to have arrived", async () => {
    const { session, seen } = await joined();
    const first = await session.poll(0, 0);
    expect([first.from, first.frames.length]).toEqual([1, seen]);
    const second = await session.poll(1, 0);
    expect([second.from, second.frames]).toEqual([2, first.frames.slice(1)]);
    // A late repetition of an older request.
    expect(await session.poll(0, 0)).toEqual(second);
    expect(session.bufferedBytes).toBeGreaterThan(0);
    expect(await session.poll(seen, 0)).toEqual({ from: seen + 1, frames: [] });
    expect(session.bufferedBytes).toBe(0);
  });

  it("that were never sent can't have arrived", async () => {
    const { session, seen } = await joined();
    await expect(session.poll(seen + 1, 0)).rejects.toMatchObject({ code: "invalid_request" });
  });

  it("are waited for, and come together at the end of a turn", async () => {
    const { session, world, turn, seen } = await joined();
    const poll = watched(session.poll(seen, 25_000));
    await world.clock.advance(10_000);
    expect(poll.value).toBeUndefined();
    await session.take(3, [submit(1)]);
    await turn();
    await world.quiet();
    expect(typesOf(poll.value?.frames ?? [])).toEqual(["committed"]);
  });

  it("that don't come end the waiting in time, and a newer poll ends an older one", async () => {
    const { session, world, seen } = await joined();
    const older = watched(session.poll(seen, 25_000));
    const newer = watched(session.poll(seen, 5000));
    await world.clock.settle();
    expect(older.value).toEqual({ from: seen + 1, frames: [] });
    await world.clock.advance(4999);
    expect(newer.value).toBeUndefined();
    await world.clock.advance(1);
    expect(newer.value).toEqual({ from: seen + 1, frames: [] });
  });

  it("come in several answers when they are many", async () => {
    const { world } = await connected();
    const session = new PollingSession(world.clock, () => undefined);
    for (let count = 0; count < 5; count += 1) session.send("x".repeat(200_000));
    const sizes: number[] = [];
    for (let received = 0; received < 5; ) {
      const { frames } = await session.poll(received, 0);
      sizes.push(frames.length);
      received += frames.length;
    }
    expect(sizes).toEqual([2, 2, 1]);
  });

  it("are bounded: a client that takes none is told nothing more until it does (S6)", async () => {
    const { session, world, seen, turn } = await joined();
    const bob = await world.join("bob");
    bob.submit(1, 0, [{ insert: "x".repeat(90_000) }]);
    for (let sequence = 2; sequence < 40; sequence += 1) {
      await world.quiet();
      bob.submit(sequence, sequence - 1, [{ insert: "x".repeat(90_000) }]);
    }
    await turn();
    expect(session.bufferedBytes).toBeLessThan(400_000);
    const { frames } = await session.poll(seen, 0);
    expect(typesOf(frames)).toContain("committed");
  });
});

describe("C13: the end of a session", () => {
  it("by the server is told behind everything that came before, also twice, and is forgotten then", async () => {
    const { session, sessions, world, turn, seen } = await joined();
    const poll = watched(session.poll(seen, 25_000));
    for (let error = 0; error < 20; error += 1) await session.take(3 + error, ["nonsense"]);
    await turn();
    expect(poll.value?.closed).toEqual({ code: 4429, reason: "too_many_errors" });
    expect(typesOf(poll.value?.frames ?? []).filter((type) => type === "failed")).toHaveLength(21);
    expect((await session.poll(seen, 25_000)).closed).toEqual({ code: 4429, reason: "too_many_errors" });
    expect(await session.take(23, [submit(1)])).toBe(22);
    await world.clock.advance(SILENCE);
    expect(sessions.size).toBe(0);
    expect(world.disk.version("doc")).toBe(0);
  });

  it("by the client: what came before it counts, and everybody hears that they have left", async () => {
    const { session, sessions, world, turn } = await joined();
    const bob = await world.join("bob");
    await session.take(3, [submit(1)]);
    session.hangUp(1000, "done");
    expect(sessions.size).toBe(0);
    await turn();
    await world.quiet();
    expect(world.disk.version("doc")).toBe(1);
    expect(bob.last("presence").entries).toMatchObject([{ client: "ann-1", gone: true }]);
  });

  it("by silence: nobody asks for a while; a poll that waits is no silence", async () => {
    const { session, sessions, world, seen, id } = await joined();
    const bob = await world.join("bob");
    const poll = session.poll(seen + 1, 25_000);
    await world.clock.advance(24_000);
    expect(sessions.size).toBe(1);
    session.abandoned();
    await poll;
    await world.clock.advance(SILENCE - 1);
    expect(sessions.size).toBe(1);
    await world.clock.advance(2 * SILENCE);
    expect(sessions.size).toBe(0);
    // Bob says nothing either, and is told that he is not seen any more.
    const told = bob.all("presence").flatMap(({ entries }) => entries);
    expect(told).toContainEqual(expect.objectContaining({ client: "ann-1", gone: true }));
    expect(() => sessions.find(id)).toThrow(expect.objectContaining({ code: "not_found" }));
  });
});

describe("C13: the same limits as for WebSockets", () => {
  it("a session counts as a connection of its address", async () => {
    const { sessions } = await connected({ rateLimits: true, protection: { connectionsPerAddress: 2 } });
    sessions.open("10.1.1.1");
    expect(() => sessions.open("10.1.1.1")).toThrow(expect.objectContaining({ code: "too_many_connections" }));
  });

  it("nobody is let in while the server stops; those who are here hear of it", async () => {
    const { sessions, session, world, seen } = await joined();
    const poll = watched(session.poll(seen, 25_000));
    await world.done(world.server.drain({ window: 1000 }));
    await world.clock.settle();
    expect(typesOf(poll.value?.frames ?? [])).toEqual(["pong"]);
    const { frames, closed } = await session.poll(seen + 1, 25_000);
    expect([typesOf(frames), closed?.code]).toEqual([["failed"], 1001]);
    expect(() => sessions.open("10.1.1.1")).toThrow(expect.objectContaining({ code: "shutting_down" }));
  });

  it("too many requests are refused with a time to wait", async () => {
    const { sessions, id, world } = await connected({ rateLimits: true });
    for (let request = 0; request < 400; request += 1) sessions.admit(id);
    expect(() => sessions.admit(id)).toThrow(expect.objectContaining({ code: "rate_limited", retryAfter: 5 }));
    await world.clock.advance(5);
    sessions.admit(id);
  });

  it("whoever never says hello is sent away", async () => {
    const { session, world } = await connected();
    const poll = watched(session.poll(0, 25_000));
    await world.clock.advance(10_000);
    expect(poll.value?.closed?.code).toBe(4000);
  });
});
