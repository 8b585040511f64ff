import { Document, type Operation } from "@tutti/ot";
import { DEFAULT_LIMITS, type DownMessage } from "@tutti/protocol";
import { randomOperation, SeededRandom } from "@tutti/testkit";
import { describe, expect, it } from "vitest";
import { type Peer, World } from "../harness.js";
import { Follower } from "./follower.js";

const FULL = DEFAULT_LIMITS.unsentBytes + 1;

/** Somebody who opens with `pieces`, and has `version`. */
async function joinPieces(world: World, client: string, version?: number, content = false): Promise<Peer> {
  const peer = world.connect();
  peer.say({ type: "hello", token: client.slice(0, -2) });
  const open = { type: "open", document: "doc", client, pieces: true } as const;
  peer.say(version === undefined ? open : { ...open, version, ...(content && { content }) });
  await world.quiet();
  return peer;
}

async function follower(world: World): Promise<Follower> {
  const made = new Follower(await joinPieces(world, "slow-1"), "slow-1");
  made.read();
  return made;
}

/** Somebody who keeps up and commits one operation after the other. */
class Writer {
  readonly #world: World;
  readonly #follower: Follower;

  private constructor(world: World, follower: Follower) {
    this.#world = world;
    this.#follower = follower;
  }

  static async of(world: World, client = "wil-1"): Promise<Writer> {
    return new Writer(world, new Follower(await joinPieces(world, client), client));
  }

  async write(operation: Operation): Promise<void> {
    this.#follower.read();
    this.#follower.edit(operation);
    await this.#saved();
  }

  async letters(count: number): Promise<void> {
    for (let left = count; left > 0; left -= 1) await this.write([{ insert: "x" }]);
  }

  async random(random: SeededRandom, count: number): Promise<void> {
    for (let left = count; left > 0; left -= 1) {
      this.#follower.read();
      const text = () => random.pick(["a", "b", "\n"] as const);
      await this.write(randomOperation(random, this.#follower.seen, { steps: 2, text, rich: false }));
    }
  }

  async #saved(): Promise<void> {
    const saved = (): boolean => {
      this.#follower.read();
      return this.#follower.state.kind === "synchronised";
    };
    this.#follower.submit();
    if (!(await this.#world.clock.runUntil(saved, 1000))) throw new Error("not saved");
  }
}

const bytesOf = (messages: readonly DownMessage[]): number => JSON.stringify(messages).length;
const contentOf = async (world: World): Promise<Document> =>
  (await world.done(world.server.documents.contentAt("doc", undefined))).content;

describe("S6: somebody who reads too slowly", () => {
  it("is sent nothing, however much is written, and then all of it as one", { timeout: 60_000 }, async () => {
    const world = await World.create();
    const slow = await follower(world);
    const writer = await Writer.of(world);
    await world.quiet();
    slow.peer.bufferedBytes = FULL;
    const before = slow.peer.received.length;
    // Four megabytes written and taken out again, and two thousand letters.
    for (let count = 0; count < 40; count += 1) {
      await writer.write([{ insert: "w".repeat(100_000) }]);
      await writer.write([{ delete: 100_000 }]);
    }
    for (let count = 0; count < 2000; count += 1)
      await writer.write([{ retain: count }, { insert: "x" }].slice(count === 0 ? 1 : 0) as Operation);
    await world.quiet(5000);
    expect(slow.peer.received.length).toBe(before);
    slow.peer.bufferedBytes = 0;
    await world.quiet();
    const caughtUp = slow.peer.received.slice(before);
    expect(caughtUp.map(({ type }) => type)).toContain("committed");
    expect(caughtUp.filter(({ type }) => type === "committed")).toHaveLength(1);
    expect(bytesOf(caughtUp)).toBeLessThan(10_000);
    slow.read();
    expect(slow.composed).toBeGreaterThan(2000);
    expect(slow.seen.text()).toBe("x".repeat(2000));
    expect((await world.server.documents.open("doc")).bytes).toBeLessThan(20_000_000);
  });

  it("is live again after it: the next commit comes as it is", async () => {
    const world = await World.create();
    const slow = await follower(world);
    const writer = await Writer.of(world);
    slow.peer.bufferedBytes = FULL;
    await writer.letters(20);
    slow.peer.bufferedBytes = 0;
    await world.quiet();
    await writer.letters(1);
    await world.quiet();
    expect(slow.peer.last("committed").changes).toMatchObject([{ client: "wil-1", sequence: 21 }]);
    expect(slow.peer.last("committed").changes[0]?.versions).toBeUndefined();
    slow.read();
    expect(slow.seen.checksum).toBe((await contentOf(world)).checksum);
  });

  it("gets every operation by itself where it does not know composed ones, as fast as it reads", async () => {
    const world = await World.create();
    const old = await world.join("old");
    const writer = await Writer.of(world);
    old.bufferedBytes = FULL;
    await writer.letters(1200);
    expect(old.all("committed")).toEqual([]);
    old.bufferedBytes = 0;
    await world.quiet();
    const changes = old.all("committed").flatMap((message) => message.changes);
    expect(changes).toHaveLength(1200);
    expect(changes.every((change) => change.versions === undefined && change.operation !== undefined)).toBe(true);
    expect(old.all("committed").length).toBeGreaterThan(1);
  });

  it("writes meanwhile, and what it writes is transformed over the pieces that it gets", async () => {
    for (let seed = 0; seed < 60; seed += 1) {
      const world = await World.create();
      const random = new SeededRandom(seed);
      const slow = await follower(world);
      const writer = await Writer.of(world);
      for (let round = 0; round < 4; round += 1) {
        await writer.random(random, random.between(0, 3));
        slow.read();
        slow.peer.bufferedBytes = FULL;
        slow.edit(randomOperation(random, slow.seen, { steps: 3, text: () => "S", rich: false }));
        await writer.random(random, random.between(0, 30));
        slow.submit();
        await writer.random(random, random.between(0, 5));
        slow.edit(randomOperation(random, slow.seen, { steps: 3, text: () => "T", rich: false }));
        await world.quiet();
        slow.peer.bufferedBytes = 0;
        await world.quiet();
      }
      for (let again = 0; again < 3; again += 1) {
        slow.read();
        slow.submit();
        await world.quiet();
      }
      slow.read();
      expect(slow.state.kind, `seed ${seed}`).toBe("synchronised");
      expect(slow.seen.checksum).toBe((await contentOf(world)).checksum);
      expect(slow.ownTold).toBe(0);
      expect(slow.cutElsewhere).toBe(0);
    }
  });

  it("comes back for an answer that was lost, and is told with the same cuts", async () => {
    let composed = 0;
    for (let seed = 0; seed < 60; seed += 1) {
      const world = await World.create();
      const random = new SeededRandom(seed);
      const slow = await follower(world);
      const writer = await Writer.of(world);
      await writer.random(random, 8);
      await world.quiet();
      slow.read();
      slow.peer.bufferedBytes = FULL;
      slow.edit(randomOperation(random, slow.seen, { steps: 4, text: () => "S", rich: false }));
      await writer.random(random, 40);
      slow.submit();
      await world.quiet();
      await writer.random(random, 5);
      slow.peer.drop();
      const lost = random.chance(0.5);
      if (lost) slow.read();
      slow.moveTo(await joinPieces(world, "slow-1", slow.state.version));
      slow.read();
      slow.submit();
      await world.quiet();
      slow.read();
      expect(slow.state.kind, `seed ${seed}`).toBe("synchronised");
      expect(slow.seen.checksum).toBe((await contentOf(world)).checksum);
      expect(slow.ownTold).toBe(0);
      expect(slow.cutElsewhere).toBe(0);
      composed += slow.composed;
    }
    expect(composed).toBeGreaterThan(1000);
  });

  it("is told its own operation with the content after a restart: nobody knows any more how it was cut", async () => {
    const world = await World.create();
    const slow = await follower(world);
    const writer = await Writer.of(world);
    slow.edit([{ insert: "S" }]);
    slow.submit();
    slow.peer.drop();
    await world.quiet();
    await writer.random(new SeededRandom(4), 3);
    world.restart();
    slow.moveTo(await joinPieces(world, "slow-1", 0));
    slow.read();
    expect(slow.ownTold).toBe(1);
    expect(slow.cutElsewhere).toBe(0);
    expect(slow.state.kind).toBe("synchronised");
  });

  it("that sends again what it was not told of yet hears of it in its turn, not before", async () => {
    const world = await World.create();
    const slow = await follower(world);
    const writer = await Writer.of(world);
    slow.peer.bufferedBytes = FULL;
    await writer.letters(5);
    slow.edit([{ insert: "S" }]);
    slow.submit();
    await world.quiet();
    slow.submit();
    await world.quiet();
    expect(slow.peer.all("acknowledged")).toEqual([]);
    slow.peer.bufferedBytes = 0;
    await world.quiet();
    slow.read();
    expect(slow.state).toEqual({ kind: "synchronised", version: 6 });
    slow.peer.submit(1, 0, [{ insert: "S" }]);
    await world.quiet();
    expect(slow.peer.last("acknowledged")).toMatchObject({ sequence: 1, version: 6 });
  });

  it("is told it with the content as well where it threw away what it had while that was on its way to the disk", async () => {
    const world = await World.create();
    const slow = await follower(world);
    world.store.setFaults({ latency: [400, 400] });
    slow.edit([{ insert: "S" }]);
    slow.submit();
    await world.quiet(1);
    world.store.setFaults({ latency: [1, 5] });
    slow.peer.drop();
    slow.moveTo(await joinPieces(world, "slow-1"));
    expect(slow.peer.last("opened")).toMatchObject({ version: 0, content: [] });
    await world.quiet(1000);
    expect(slow.peer.last("committed").changes).toMatchObject([{ client: "slow-1", operation: [{ insert: "S" }] }]);
  });

  it("is cut off from presence no longer than it has no room, and then hears who is here", async () => {
    const world = await World.create();
    const slow = await follower(world);
    await world.quiet();
    slow.peer.bufferedBytes = FULL;
    const before = slow.peer.all("presence").length;
    const ann = await world.join("ann");
    await world.join("bob");
    ann.drop();
    await world.quiet(1000);
    expect(slow.peer.all("presence").length).toBe(before);
    slow.peer.bufferedBytes = 0;
    await world.quiet();
    const [{ entries = [] } = {}] = slow.peer.all("presence").slice(before);
    expect(entries.map(({ client, gone }) => [client, gone === true])).toEqual([
      ["ann-1", true],
      ["bob-1", false],
    ]);
  });
});

describe("C5: somebody who comes back", () => {
  it("gets what was missed composed, and less than a tenth of the bytes", async () => {
    const world = await World.create();
    const writer = await Writer.of(world);
    await writer.letters(1500);
    const pieces = await joinPieces(world, "pia-1", 100);
    const singles = await world.join("sol", "sol-1", 100);
    expect(singles.last("opened").changes).toHaveLength(1400);
    expect(pieces.last("opened").changes?.length).toBeLessThan(20);
    expect(bytesOf(pieces.received) * 10).toBeLessThan(bytesOf(singles.received));
  });

  it("gets the content where nothing is pending and it is the smaller answer", async () => {
    const world = await World.create();
    const writer = await Writer.of(world);
    await writer.write([{ insert: "a".repeat(3000) }]);
    await writer.write([{ insert: "bb" }]);
    const choice = async (version: number, content: boolean) => {
      const opened = (await joinPieces(world, `c${version}${content}-1`, version, content)).last("opened");
      return opened.content === undefined ? "changes" : "content";
    };
    expect(await choice(1, true)).toBe("changes");
    await writer.write([{ delete: 3002 }]);
    await writer.write([{ insert: "c" }]);
    expect(await choice(0, true)).toBe("changes");
    await writer.write([{ insert: "d".repeat(400) }]);
    // Every second letter goes: two hundred places to name, and two hundred letters that are left.
    await writer.write(Array.from({ length: 200 }, () => [{ retain: 1 }, { delete: 1 }]).flat());
    expect(await choice(5, true)).toBe("content");
    expect(await choice(5, false)).toBe("changes");
  });
});

describe("S3: a large document", () => {
  const TEXT = "0123456789\u{1f600}".repeat(250_000);

  async function largeWorld(): Promise<World> {
    const world = await World.create();
    const now = world.clock.now();
    world.disk.saveSnapshot("doc", {
      version: 0,
      time: now,
      checksum: Document.fromDelta([{ insert: TEXT }]).checksum,
      content: [{ insert: TEXT }],
    });
    world.disk.createDocument({
      id: "other",
      title: "O",
      kind: "plain",
      identicalInserts: "merge",
      createdBy: "ann",
      createdAt: now,
      updatedAt: now,
    });
    return world;
  }

  it("comes in parts, what others do meanwhile after it, other documents in between", async () => {
    const world = await largeWorld();
    const writer = await Writer.of(world);
    const peer = world.connect();
    peer.say({ type: "hello", token: "slow" });
    await world.quiet();
    peer.bufferedBytes = FULL;
    peer.say({ type: "open", document: "doc", client: "slow-1", pieces: true });
    await world.quiet();
    expect(peer.all("opened")).toEqual([]);
    peer.say({ type: "open", document: "other", client: "slow-1", pieces: true });
    await writer.write([{ insert: "!" }]);
    await world.quiet();
    peer.bufferedBytes = 0;
    await world.quiet();
    const parts = peer.all("opened").filter(({ document }) => document === "doc");
    expect(parts.length).toBeGreaterThan(8);
    expect(Math.max(...parts.map((part) => bytesOf([part])))).toBeLessThan(1_200_000);
    expect(peer.received.findIndex((message) => "document" in message && message.document === "other")).toBeLessThan(
      peer.received.lastIndexOf(parts.at(-1) as DownMessage),
    );
    const slow = new Follower(peer, "slow-1");
    peer.received.splice(
      0,
      peer.received.length,
      ...peer.received.filter((m) => "document" in m && m.document === "doc"),
    );
    slow.read();
    expect(slow.seen.length).toBe(TEXT.length + 1);
    expect(slow.seen.checksum).toBe((await contentOf(world)).checksum);
  });

  it("comes in one message to a client that does not know parts", async () => {
    const world = await largeWorld();
    const old = await world.join("old");
    expect(old.all("opened")).toHaveLength(1);
    expect(old.last("opened").part).toBeUndefined();
    expect(Document.fromOperation(old.last("opened").content ?? []).length).toBe(TEXT.length);
  });
});
