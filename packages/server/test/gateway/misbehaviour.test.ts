import { CLOSE_CODES } from "@tutti/protocol";
import { describe, expect, it } from "vitest";
import { World } from "../harness.js";

/** Every kind of bad input: its typed error, an unharmed document, and an undisturbed other person (L5, L2). */
const CASES: readonly {
  readonly name: string;
  readonly send: (peer: Awaited<ReturnType<World["join"]>>) => void;
  readonly code: string;
}[] = [
  { name: "text that is not JSON", send: (peer) => peer.raw("{nonsense"), code: "malformed_frame" },
  {
    name: "a binary frame on the JSON protocol",
    send: (peer) => peer.raw(new Uint8Array([1, 2])),
    code: "malformed_frame",
  },
  { name: "JSON that is not a message", send: (peer) => peer.raw("[1,2,3]"), code: "malformed_frame" },
  { name: "an unknown message", send: (peer) => peer.raw('{"type":"selfdestruct"}'), code: "unknown_message" },
  { name: "a message of the other direction", send: (peer) => peer.raw('{"type":"pong"}'), code: "unknown_message" },
  { name: "a missing field", send: (peer) => peer.raw('{"type":"submit","document":"doc"}'), code: "invalid_message" },
  { name: "a hello of somebody else", send: (peer) => peer.say({ type: "hello", token: "ann" }), code: "forbidden" },
  {
    name: "an edit of a document that is not open",
    send: (peer) => peer.say({ type: "submit", document: "other", sequence: 1, version: 0, operation: [] }),
    code: "unexpected_message",
  },
  {
    name: "an operation behind the end",
    send: (peer) => peer.submit(1, 1, [{ retain: 99 }, { insert: "x" }]),
    code: "operation_out_of_range",
  },
  {
    name: "a delete behind the end",
    send: (peer) => peer.submit(1, 1, [{ delete: 8 }]),
    code: "operation_out_of_range",
  },
  { name: "a version from the future", send: (peer) => peer.submit(1, 7, [{ insert: "x" }]), code: "future_version" },
  {
    name: "a sequence that leaves one out",
    send: (peer) => peer.submit(3, 1, [{ insert: "x" }]),
    code: "sequence_gap",
  },
  {
    name: "something that is no operation",
    send: (peer) => peer.submit(1, 1, [{ explode: 1 }]),
    code: "operation_malformed",
  },
  { name: "a negative length", send: (peer) => peer.submit(1, 1, [{ delete: -1 }]), code: "operation_malformed" },
  {
    name: "an insert into a surrogate pair",
    send: (peer) => peer.submit(1, 1, [{ retain: 6 }, { insert: "x" }]),
    code: "surrogate_split",
  },
  {
    name: "half of a surrogate pair deleted",
    send: (peer) => peer.submit(1, 1, [{ retain: 5 }, { delete: 1 }]),
    code: "surrogate_split",
  },
  { name: "a lone surrogate", send: (peer) => peer.submit(1, 1, [{ insert: "\uD83D" }]), code: "lone_surrogate" },
  {
    name: "an insert beyond the limit",
    send: (peer) => peer.submit(1, 1, [{ insert: "x".repeat(1001) }]),
    code: "operation_too_large",
  },
  {
    name: "attributes nested too deeply",
    send: (peer) =>
      peer.submit(1, 1, [{ insert: "x", attributes: { a: JSON.parse("[".repeat(20) + "]".repeat(20)) } }]),
    code: "operation_too_deep",
  },
  {
    name: "a document beyond its limit",
    send: (peer) => peer.submit(1, 1, [{ insert: "x".repeat(994) }]),
    code: "document_too_large",
  },
  { name: "an oversized frame", send: (peer) => peer.raw("x".repeat(5001)), code: "frame_too_large" },
  {
    name: "a forged author",
    send: (peer) => peer.say({ type: "open", document: "doc", client: "ann-1" }),
    code: "author_forged",
  },
  {
    name: "an unknown document",
    send: (peer) => peer.say({ type: "open", document: "nowhere", client: "eve-2" }),
    code: "not_found",
  },
];

async function worldWithText() {
  const world = await World.create({
    insertLength: 1000,
    documentLength: 1000,
    frameBytes: 5000,
    errorsPerConnection: 5,
  });
  const ann = await world.join("ann");
  ann.submit(1, 0, [{ insert: "hello😀" }]);
  await world.quiet();
  return { world, ann };
}

describe("bad input gets its typed error and harms nobody", () => {
  for (const { name, send, code } of CASES) {
    it(`${name}: ${code}`, async () => {
      const { world, ann } = await worldWithText();
      const eve = await world.join("eve");
      expect(eve.last("opened").content).toEqual([{ insert: "hello😀" }]);
      send(eve);
      await world.quiet();
      expect(eve.errors()).toEqual([code]);
      expect(eve.closedWith).toBeUndefined();
      // The other person goes on, and sees nothing of it.
      ann.submit(2, 1, [{ insert: "!" }]);
      await world.quiet();
      expect(ann.errors()).toEqual([]);
      expect(ann.last("committed").version).toBe(2);
      const { content } = await world.done(world.server.documents.contentAt("doc", undefined));
      expect(content.text()).toBe("!hello😀");
    });
  }

  it("after a refused operation the same sequence is free for a good one", async () => {
    const { world } = await worldWithText();
    const eve = await world.join("eve");
    eve.submit(1, 1, [{ delete: 100 }]);
    eve.submit(1, 1, [{ insert: "ok " }]);
    await world.quiet();
    expect(eve.errors()).toEqual(["operation_out_of_range"]);
    expect(eve.last("committed").changes).toMatchObject([{ client: "eve-1", sequence: 1 }]);
  });

  it("repeated bad input closes the connection for good, and only that one", async () => {
    const { world, ann } = await worldWithText();
    const eve = await world.join("eve");
    for (let count = 0; count < 10; count += 1) eve.raw("junk");
    await world.quiet();
    expect(eve.errors().at(-1)).toBe("too_many_errors");
    expect(eve.closedWith?.code).toBe(CLOSE_CODES.misbehaved);
    expect(ann.closedWith).toBeUndefined();
  });

  it("a bad token is refused for good", async () => {
    const { world } = await worldWithText();
    const eve = await world.join("bad token");
    expect(eve.errors()[0]).toBe("unauthenticated");
    expect(eve.closedWith?.code).toBe(CLOSE_CODES.unauthenticated);
    expect(eve.all("opened")).toEqual([]);
  });

  it("anything before hello is refused, and a silent connection is closed", async () => {
    const { world } = await worldWithText();
    const rash = world.connect();
    rash.say({ type: "ping" });
    const mute = world.connect();
    await world.quiet(11_000);
    expect(rash.errors()).toEqual(["unexpected_message"]);
    expect(mute.closedWith?.code).toBe(CLOSE_CODES.helloTimeout);
  });

  it("a wish about places that crossed one's own leaving is no error of the document, which may be open again", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    ann.say({ type: "close", document: "doc" });
    ann.say({ type: "ask", document: "doc", wish: "edit" });
    await world.quiet();
    expect(ann.last("failed")).toEqual({
      type: "failed",
      error: expect.objectContaining({ code: "unexpected_message" }),
    });
  });

  it("S6: a receiver that never reads is told nothing more, and is cut off after a while", async () => {
    const { world, ann } = await worldWithText();
    const slow = await world.join("sam");
    slow.bufferedBytes = 1_000_000;
    const told = slow.received.length;
    ann.submit(2, 1, [{ insert: "!" }]);
    for (let heartbeats = 0; heartbeats < 8; heartbeats += 1) {
      for (const peer of [ann, slow]) if (peer.closedWith === undefined) peer.say({ type: "ping" });
      await world.quiet(15_000);
    }
    expect(slow.received.slice(told).filter(({ type }) => type !== "pong")).toEqual([]);
    expect(slow.closedWith?.code).toBe(CLOSE_CODES.goingAway);
    expect(ann.closedWith).toBeUndefined();
  });

  it("a receiver that asks and never reads the answers is cut off before they fill memory", async () => {
    const { world, ann } = await worldWithText();
    const slow = await world.join("sam");
    slow.bufferedBytes = 20_000_000;
    slow.say({ type: "ping" });
    expect(slow.closedWith?.code).toBe(CLOSE_CODES.goingAway);
    expect(ann.closedWith).toBeUndefined();
  });
});
