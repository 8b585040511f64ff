import { describe, expect, it } from "vitest";
import { moveCursors, placeCursors, type RemoteCursor, safeColour } from "../src/index.js";

const person = (client: string, cursor: { anchor: number; head: number } | null) => ({
  client,
  user: { id: client, name: `Name of ${client}` },
  colour: "#123456",
  activity: "editing" as const,
  active: 0,
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
