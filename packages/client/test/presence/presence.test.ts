import type { Cursor, PresenceEntry } from "@tutti/protocol";
import { VirtualClock } from "@tutti/testkit";
import { describe, expect, it } from "vitest";
import type { Person } from "../../src/index.js";
import { FakeServer } from "../fake-server.js";
import { clientOf, DOCUMENT, opened, type World } from "../world.js";

const ben = (cursor: Cursor | null): PresenceEntry => ({ client: "ben-1", user: { id: "u-ben", name: "Ben" }, cursor });
const at = (position: number, version: number): Cursor => ({ anchor: position, head: position, version });

function tell({ server }: World, entry: PresenceEntry): void {
  server.connection.send({ type: "presence", document: DOCUMENT, entries: [entry] });
}
const cursorOf = ({ doc }: World): Person["cursor"] | undefined => doc.presence.others[0]?.cursor;
const moves = ({ server }: World): unknown[] =>
  server.connections.flatMap(({ received }) => received).flatMap((up) => (up.type === "move" ? [up.cursor] : []));

describe("the others (P2)", () => {
  it("come, move and go", () => {
    const world = opened("abc");
    const heard: number[] = [];
    world.doc.presence.on("change", (others) => heard.push(others.length));
    tell(world, ben(null));
    world.server.pump();
    expect(world.doc.presence.others).toEqual([
      {
        ...{ client: "ben-1", user: { id: "u-ben", name: "Ben" }, colour: expect.stringMatching(/^#/), cursor: null },
        ...{ activity: "editing", active: world.clock.now() },
      },
    ]);
    tell(world, ben({ anchor: 0, head: 2, version: 0 }));
    world.server.pump();
    expect(cursorOf(world)).toEqual({ anchor: 0, head: 2 });
    tell(world, { ...ben(null), gone: true });
    world.server.pump();
    expect(world.doc.presence.others).toEqual([]);
    expect(heard).toEqual([1, 1, 0]);
  });

  it("are shown through my pending edits; text that I type at their cursor stays behind it", () => {
    const world = opened("abc");
    world.doc.insert(0, "11");
    world.doc.insert(2, "2");
    world.doc.insert(5, "3");
    tell(world, ben(at(2, 0)));
    world.server.connection.deliverDown();
    expect(world.doc.text()).toBe("112ab3c");
    expect(cursorOf(world)).toEqual({ anchor: 5, head: 5 });
    world.server.pump();
    expect(cursorOf(world)).toEqual({ anchor: 5, head: 5 });
  });

  it("move with every commit: their own text pushes them, other people's does not", () => {
    const world = opened("abc");
    tell(world, ben(at(1, 0)));
    world.server.commit([{ retain: 1 }, { insert: "B" }], "ben-1");
    world.server.commit([{ retain: 2 }, { insert: "C" }], "carla-1");
    world.server.pump();
    expect([world.doc.text(), cursorOf(world)]).toEqual(["aBCbc", { anchor: 2, head: 2 }]);
  });

  it("whose position is of an older version are brought up to date", () => {
    const world = opened("abc");
    world.server.commit([{ insert: "XX" }]);
    world.server.commit([{ insert: "Y" }]);
    world.server.pump();
    tell(world, ben(at(1, 1)));
    world.server.pump();
    expect(cursorOf(world)).toEqual({ anchor: 2, head: 2 });
  });

  it("whose position is of a version still to come are right when it comes, and never behind the end", () => {
    const world = opened("abc");
    tell(world, ben(at(5, 1)));
    world.server.connection.deliverDown();
    expect(cursorOf(world)).toEqual({ anchor: 3, head: 3 });
    world.server.commit([{ insert: "XX" }]);
    world.server.pump();
    expect(cursorOf(world)).toEqual({ anchor: 5, head: 5 });
  });

  it("are gone when the connection is lost, and back when it is back", async () => {
    const world = opened("abc");
    const other = clientOf(world.server, { seed: 2, token: "ben" });
    const theirs = other.client.open(DOCUMENT);
    world.server.pump();
    theirs.presence.setCursor({ anchor: 1, head: 1 });
    world.server.pump();
    expect(cursorOf(world)).toEqual({ anchor: 1, head: 1 });
    world.server.connections[0]?.lose();
    expect(world.doc.presence.others).toEqual([]);
    await world.clock.advance(1000);
    world.server.pump();
    expect(cursorOf(world)).toEqual({ anchor: 1, head: 1 });
    world.doc.close();
    expect(world.doc.presence.others).toEqual([]);
  });
});

describe("my cursor", () => {
  it("is told in positions of the server's version", () => {
    const world = opened("abc");
    world.doc.insert(0, "12");
    world.doc.presence.setCursor({ anchor: 1, head: 4 });
    world.server.connection.deliverUp();
    expect(moves(world)).toEqual([{ anchor: 0, head: 2, version: 0 }]);
  });

  it("is told at once, then every half second while fewer than three people edit; the newest counts (P3)", async () => {
    const world = opened("abcdefghij");
    tell(world, ben(null));
    world.server.pump();
    for (let position = 0; position < 10; position += 1) {
      world.doc.presence.setCursor({ anchor: position, head: position });
      world.server.pump();
      await world.clock.advance(60);
    }
    await world.clock.advance(1000);
    world.server.pump();
    expect(moves(world)).toEqual([0, 8, 9].map((position) => at(position, 0)));
  });

  it("is told ten times a second from three people on, of whom those who view don't count", async () => {
    const world = opened("abcdefghij");
    tell(world, ben(null));
    tell(world, { ...ben(null), client: "eve-1", user: { id: "u-eve", name: "Eve" }, activity: "viewing" });
    tell(world, { ...ben(null), client: "ben-2" });
    // My other tab is me.
    tell(world, { ...ben(null), client: "ann-2", user: { id: "user-of-ann", name: "ann" } });
    world.server.pump();
    const move = async (position: number): Promise<void> => {
      world.doc.presence.setCursor({ anchor: position, head: position });
      await world.clock.advance(100);
      world.server.pump();
    };
    for (let position = 0; position < 3; position += 1) await move(position);
    expect(moves(world)).toEqual([at(0, 0)]);
    await world.clock.advance(1000);
    tell(world, { ...ben(null), client: "eve-1", user: { id: "u-eve", name: "Eve" }, activity: "editing" });
    world.server.pump();
    const before = moves(world).length;
    for (let position = 3; position < 6; position += 1) await move(position);
    expect(moves(world).slice(before)).toEqual([at(3, 0), at(4, 0), at(5, 0)]);
  });

  it("is not told again while typing: everybody moves it by themselves", async () => {
    const world = opened("abc");
    world.doc.presence.setCursor({ anchor: 3, head: 3 });
    for (const letter of "typing") {
      world.doc.insert(world.doc.length, letter);
      world.doc.presence.setCursor({ anchor: world.doc.length, head: world.doc.length });
      world.server.pump();
      await world.clock.advance(200);
    }
    expect(moves(world)).toHaveLength(1);
  });

  it("is told when the others would take it to be elsewhere", async () => {
    const world = opened("abc");
    world.doc.presence.setCursor({ anchor: 3, head: 3 });
    world.doc.insert(3, "xyz");
    world.doc.presence.setCursor({ anchor: 4, head: 4 });
    world.server.pump();
    await world.clock.advance(600);
    world.server.pump();
    expect(moves(world)).toEqual([at(3, 0), at(4, 1)]);
  });

  it("is told once more when I am only looking from now on", async () => {
    const world = opened("abc");
    world.doc.presence.setCursor({ anchor: 3, head: 3 });
    await world.clock.advance(200);
    world.doc.presence.setCursor(null);
    await world.clock.advance(400);
    world.server.pump();
    expect(moves(world)).toEqual([at(3, 0), null]);
  });

  it("is announced anew after a reconnect, where it is by then", async () => {
    const world = opened("abc");
    world.doc.presence.setCursor({ anchor: 3, head: 3 });
    world.server.pump();
    world.server.connection.lose();
    world.server.commit([{ insert: "X" }]);
    await world.clock.advance(1000);
    world.server.pump();
    expect(moves(world)).toEqual([at(3, 0), at(4, 1)]);
  });

  it("is told at once after a reconnect, however short the time since the last move", async () => {
    const world = opened("abc");
    world.doc.presence.setCursor({ anchor: 1, head: 1 });
    world.server.pump();
    world.server.connection.lose();
    world.online();
    await world.clock.advance(100);
    world.server.pump();
    expect(world.doc.status).toBe("Saved");
    expect(moves(world)).toEqual([at(1, 0), at(1, 0)]);
  });

  it("stays in front of what others insert at it", async () => {
    const world = opened("abc");
    world.doc.presence.setCursor({ anchor: 3, head: 3 });
    world.server.pump();
    world.server.commit([{ retain: 3 }, { insert: "X" }]);
    world.server.pump();
    world.server.connection.lose();
    await world.clock.advance(1000);
    world.server.pump();
    expect(moves(world)).toEqual([at(3, 0), at(3, 1)]);
  });

  it("is seen by others where it is, whoever types what", async () => {
    const clock = new VirtualClock();
    const server = new FakeServer([{ insert: "0123456789" }]);
    const [a, b] = [clientOf(server, { clock, seed: 1 }), clientOf(server, { clock, seed: 2, token: "ben" })];
    const [mine, theirs] = [a.client.open(DOCUMENT), b.client.open(DOCUMENT)];
    server.pump();
    mine.presence.setCursor({ anchor: 5, head: 7 });
    server.pump();
    mine.insert(5, "aa");
    theirs.insert(5, "bb");
    theirs.delete(0, 3);
    server.pump();
    await clock.advance(200);
    server.pump();
    expect(mine.text()).toBe(theirs.text());
    const seen = theirs.presence.others[0]?.cursor;
    const selected = mine.text().slice(seen?.anchor, seen?.head);
    expect(selected.replace(/b/g, "")).toBe("56");
  });
});
