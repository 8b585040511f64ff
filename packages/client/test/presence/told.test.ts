import type { Presence, PresenceEntry } from "@tutti/protocol";
import { describe, expect, it } from "vitest";
import { colourOf, type Person } from "../../src/index.js";
import { DOCUMENT, opened, type World } from "../world.js";

const entry = (name: string, more: Partial<PresenceEntry> = {}): PresenceEntry => ({
  client: `${name}-1`,
  user: { id: `u-${name}`, name },
  cursor: null,
  ...more,
});

function tell({ server }: World, told: Partial<Presence>): void {
  server.connection.send({ type: "presence", document: DOCUMENT, entries: [], ...told });
  server.pump();
}

const names = ({ doc }: World): string[] => doc.presence.others.map(({ user }) => user.name);
const cursors = ({ doc }: World): Person["cursor"][] => doc.presence.others.map(({ cursor }) => cursor);

describe("what the server tells of the others", () => {
  it("moves them by their numbers, all in one version, and brings them up to date", () => {
    const world = opened("abcdef");
    tell(world, { entries: [entry("ann", { number: 3 }), entry("ben", { number: 300 })] });
    world.server.commit([{ insert: "XX" }]);
    tell(world, { moved: { version: 0, cursors: [300, 1, 4, 3, 2, 2] } });
    expect(cursors(world)).toEqual([
      { anchor: 4, head: 4 },
      { anchor: 3, head: 6 },
    ]);
  });

  it("moves nobody whose number it never told, or who left", () => {
    const world = opened("abc");
    tell(world, { entries: [entry("ann", { number: 1 }), entry("ben", { number: 2 })] });
    tell(world, { entries: [entry("ann", { gone: true })] });
    tell(world, { moved: { version: 0, cursors: [1, 1, 1, 7, 1, 1, 2, 2, 2, 2] } });
    expect([names(world), cursors(world)]).toEqual([["ben"], [{ anchor: 2, head: 2 }]]);
  });

  it("moves nobody by a number that they had before", () => {
    const world = opened("abc");
    tell(world, { entries: [entry("ann", { number: 1 })] });
    tell(world, { entries: [entry("ann", { number: 2 })] });
    tell(world, { moved: { version: 0, cursors: [1, 1, 1] } });
    expect(cursors(world)).toEqual([null]);
    tell(world, { moved: { version: 0, cursors: [2, 3, 3] } });
    expect(cursors(world)).toEqual([{ anchor: 3, head: 3 }]);
  });

  it("replaces everybody with all there are", () => {
    const world = opened("abc");
    tell(world, { entries: [entry("ann", { number: 1 })] });
    tell(world, { entries: [entry("ben")], all: true });
    tell(world, { moved: { version: 0, cursors: [1, 1, 1] } });
    expect([names(world), cursors(world)]).toEqual([["ben"], [null]]);
  });

  it("says when it can't tell, and when it can again; nothing else is different (P1)", () => {
    const world = opened("abc");
    const heard: [number, boolean][] = [];
    world.doc.presence.on("change", (others) => heard.push([others.length, world.doc.presence.available]));
    tell(world, { entries: [entry("ann")] });
    tell(world, { available: false });
    expect([names(world), world.doc.presence.available, world.doc.status]).toEqual([[], false, "Presence unavailable"]);
    world.doc.insert(0, "x");
    expect(world.doc.status).toBe("Saving…");
    world.server.pump();
    expect([world.server.document.text(), world.doc.status]).toEqual(["xabc", "Presence unavailable"]);
    tell(world, { entries: [entry("ann")], all: true, available: true });
    expect([names(world), world.doc.presence.available, world.doc.status]).toEqual([["ann"], true, "Saved"]);
    expect(heard).toEqual([
      [1, true],
      [0, false],
      [1, true],
    ]);
  });

  it("is asked anew after a reconnect: a server that says nothing can tell", async () => {
    const world = opened("abc");
    tell(world, { available: false });
    world.server.connection.lose();
    await world.clock.advance(1000);
    world.server.pump();
    expect([world.doc.presence.available, world.doc.status]).toEqual([true, "Saved"]);
  });

  it("gives everybody a colour by its number, and by their id where it says none", () => {
    const world = opened("abc");
    tell(world, { entries: [entry("ann", { colour: 0 }), entry("ben", { colour: 13 }), entry("eve")] });
    expect(world.doc.presence.others.map(({ colour }) => colour)).toEqual(["#c2255c", "#9c36b5", colourOf("u-eve")]);
  });

  it("says which colour is mine, though I am not one of the others", () => {
    const world = opened("abc");
    const heard: (string | undefined)[] = [];
    world.doc.presence.on("change", () => heard.push(world.doc.presence.colour));
    expect(world.doc.presence.colour).toBe(undefined);
    const { client } = world.server.connection.received.find(({ type }) => type === "open") as { client: string };
    const me = { client, user: { id: "u-me", name: "Me" }, cursor: null };
    tell(world, { entries: [{ ...me, colour: 2 }] });
    tell(world, { entries: [{ ...me, colour: 2 }] });
    expect([heard, names(world)]).toEqual([["#6741d9"], []]);
  });

  it("has what they do, since when, and with what; their own edits count as doing something", async () => {
    const world = opened("abc");
    tell(world, { entries: [entry("ann", { activity: "viewing", active: 5000, device: "phone" })] });
    const told = world.clock.now();
    const [ann] = world.doc.presence.others;
    expect(ann).toMatchObject({ activity: "viewing", active: told - 5000, device: "phone" });
    await world.clock.advance(2000);
    world.server.commit([{ retain: 3 }, { insert: "d" }], "ann-1");
    world.server.pump();
    expect(world.doc.presence.others[0]?.active).toBe(told + 2000);
  });

  it("leaves everybody the same object who is shown as before, and is silent when all are", () => {
    const world = opened("abc");
    tell(world, { entries: [entry("ann"), entry("ben")] });
    let changes = 0;
    world.doc.presence.on("change", () => {
      changes += 1;
    });
    const [ann] = world.doc.presence.others;
    tell(world, { entries: [entry("ann")] });
    expect(changes).toBe(0);
    tell(world, { entries: [entry("ben", { cursor: { anchor: 1, head: 1, version: 0 } })] });
    expect(changes).toBe(1);
    expect(world.doc.presence.others[0]).toBe(ann);
  });
});

describe("people", () => {
  it("are one each, however many tabs they have (P2)", () => {
    const world = opened("abc");
    const at = (position: number) => ({ anchor: position, head: position, version: 0 });
    tell(world, {
      entries: [
        entry("ann", { activity: "viewing", active: 9000 }),
        entry("ben", { cursor: at(1), active: 0 }),
        entry("ann", { client: "ann-2", activity: "editing", active: 100, cursor: at(2) }),
      ],
    });
    const { people } = world.doc.presence;
    expect(people.map(({ user, tabs, activity, cursor }) => [user.name, tabs.length, activity, cursor?.head])).toEqual([
      ["ann", 2, "editing", 2],
      ["ben", 1, "editing", 1],
    ]);
    expect(people[0]?.active).toBe(world.clock.now() - 100);
    expect(world.doc.presence.people).toBe(people);
  });
});
