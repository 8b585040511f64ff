import { describe, expect, it } from "vitest";
import { idleDelay, moveCursors, placeCursors, type RemoteCursor, safeColour } from "../src/index.js";

const person = (client: string, cursor: { anchor: number; head: number } | null, active = 0) => ({
  client,
  user: { id: client, name: `Name of ${client}` },
  colour: "#123456",
  activity: "editing" as const,
  active,
  cursor,
});
const placesOf = (cursors: readonly RemoteCursor[]) =>
  cursors.map(({ client, anchor, head, moves }) => [client, anchor, head, moves]);

describe("remote cursors", () => {
  it("are those of people who are somewhere; who moves has a new number of moves, who stays keeps it", () => {
    const first = placeCursors([person("a", { anchor: 5, head: 1 }), person("b", null)], []);
    expect(placesOf(first)).toEqual([["a", 5, 1, 1]]);
    const same = placeCursors([person("a", { anchor: 5, head: 1 })], first);
    expect(placesOf(same)).toEqual([["a", 5, 1, 1]]);
    expect(placesOf(placeCursors([person("a", { anchor: 2, head: 2 })], same))).toEqual([["a", 2, 2, 2]]);
  });

  it("stand where they are in what the editor shows, while something is held", () => {
    const [cursor] = placeCursors([person("a", { anchor: 9, head: 3 })], [], [{ retain: 4 }, { insert: "held" }]);
    expect(cursor).toMatchObject({ anchor: 5, head: 3 });
  });

  it("follow the text: mine comes behind them, theirs pushes them along and counts as a move", () => {
    const cursors = placeCursors([person("a", { anchor: 2, head: 2 })], []);
    expect(placesOf(moveCursors(cursors, [{ retain: 2 }, { insert: "me" }], "me"))).toEqual([["a", 2, 2, 1]]);
    expect(placesOf(moveCursors(cursors, [{ retain: 2 }, { insert: "it" }], "others"))).toEqual([["a", 4, 4, 2]]);
    expect(placesOf(moveCursors(cursors, [{ retain: 1 }, { delete: 1 }], "others"))).toEqual([["a", 1, 1, 2]]);
    expect(placesOf(moveCursors(cursors, [{ insert: "far" }], "others"))).toEqual([["a", 5, 5, 1]]);
  });
});

describe("safeColour", () => {
  it("glide from one message to the next while they are in motion, and at once after a pause, and with the text", () => {
    const at = (head: number, active: number) => [person("a", { anchor: head, head }, active)];
    const glides: number[] = [];
    let cursors: readonly RemoteCursor[] = [];
    for (const others of [at(1, 0), at(2, 5000), at(3, 5500), at(4, 5600), at(5, 5610), at(6, 9000)]) {
      cursors = placeCursors(others, cursors);
      glides.push(cursors[0]?.glide ?? Number.NaN);
    }
    expect(glides).toEqual([80, 80, 500, 100, 80, 80]);
    const inMotion = placeCursors(at(8, 9300), cursors);
    expect(inMotion[0]?.glide).toBe(300);
    expect(moveCursors(inMotion, [{ insert: "x" }], "others")[0]?.glide).toBe(80);
  });

  it("count as moved when their person did something without moving, but not for a moment's difference", () => {
    const here = { anchor: 1, head: 1 };
    const first = placeCursors([person("a", here, 5000)], []);
    const same = placeCursors([person("a", here, 5900)], first);
    expect(placesOf(same)).toEqual([["a", 1, 1, 1]]);
    expect(placesOf(placeCursors([person("a", here, 9000)], same))).toEqual([["a", 1, 1, 2]]);
  });

  it("of whoever did nothing for long are faded from the beginning; no clock is ahead of ours", () => {
    const [cursor] = placeCursors([person("a", { anchor: 1, head: 1 }, 5000)], []);
    expect(cursor && [idleDelay(cursor, 65_000), idleDelay(cursor, 4000)]).toEqual(["-60000ms", "0ms"]);
  });

  it("lets colours through, and nothing else", () => {
    for (const colour of [
      "#a1b2c3",
      "rebeccapurple",
      "hsl(120 50% 40%)",
      "rgb(1, 2, 3)",
      "oklch(60% 0.1 30deg / 0.5)",
    ]) {
      expect(safeColour(colour)).toBe(colour);
    }
    for (const colour of ["red; position: fixed", "url(x)", "", "rgb(1,2,3); x", "#12345z", "var(--x)"]) {
      expect(safeColour(colour)).toBe("#6b7280");
    }
  });
});
