import { describe, expect, it } from "vitest";
import {
  joinsUndoGroup,
  moveUndoGroup,
  type Operation,
  transformPosition,
  UNDO_GROUPING_PAUSE,
  undoGroupOf,
} from "../src/index.js";
import { consecutive, holds } from "./generators.js";

const type = (at: number, text: string): Operation =>
  at === 0 ? [{ insert: text }] : [{ retain: at }, { insert: text }];
const erase = (at: number, length: number): Operation =>
  at === 0 ? [{ delete: length }] : [{ retain: at }, { delete: length }];

describe("edits that are one undo step", () => {
  const cases: readonly (readonly [string, Operation, Operation, number, boolean])[] = [
    ["a word being typed", type(0, "a"), type(1, "b"), 10, true],
    ["a word typed up to the longest pause", type(3, "ab"), type(5, "c"), UNDO_GROUPING_PAUSE, true],
    ["a word after a longer pause", type(3, "ab"), type(5, "c"), UNDO_GROUPING_PAUSE + 1, false],
    ["a letter elsewhere", type(3, "ab"), type(4, "c"), 10, false],
    ["backspace after backspace", erase(4, 1), erase(3, 1), 10, true],
    ["backspace to the start", erase(1, 1), erase(0, 1), 10, true],
    ["delete after delete", erase(4, 1), erase(4, 1), 10, true],
    ["a deletion elsewhere", erase(4, 1), erase(1, 1), 10, false],
    ["a deletion after typing", type(3, "a"), erase(3, 1), 10, false],
    ["formatting", type(0, "a"), [{ retain: 1, attributes: { bold: true } }], 10, false],
    ["a word after formatting", [{ retain: 1, attributes: { bold: true } }], type(0, "a"), 10, false],
    ["a replacement", type(0, "a"), [{ insert: "b" }, { delete: 1 }], 10, false],
    ["two places at once", type(0, "a"), [{ retain: 1 }, { insert: "b" }, { retain: 1 }, { insert: "c" }], 10, false],
    ["nothing at all", type(0, "a"), [], 10, false],
    ["an embed, then a letter", [{ insert: { image: 1 } }], type(1, "a"), 10, true],
  ];
  for (const [name, first, second, pause, joins] of cases) {
    it(`${name}: ${joins}`, () => expect(joinsUndoGroup(undoGroupOf(first, 1_000), second, 1_000 + pause)).toBe(joins));
  }

  it("are what the caller says, where there is an edit before", () => {
    const group = undoGroupOf(type(0, "a"), 0);
    expect(joinsUndoGroup(group, erase(9, 1), 99_999, "merge")).toBe(true);
    expect(joinsUndoGroup(group, type(1, "b"), 1, "separate")).toBe(false);
    expect(joinsUndoGroup(undefined, type(1, "b"), 1, "merge")).toBe(false);
  });

  it("go on where others moved their place to, in front of what they inserted there", () => {
    expect(moveUndoGroup(undoGroupOf(type(2, "a"), 0), type(3, "x"))).toEqual(undoGroupOf(type(2, "a"), 0));
    holds(consecutive(1), ({ base, operations: [remote = []] }) => {
      if (base.length === 0) return;
      const group = undoGroupOf(erase(base.length - 1, 1), 5);
      const { position } = moveUndoGroup(group, remote);
      expect(position).toBe(transformPosition(remote, base.length - 1, "left"));
      expect(joinsUndoGroup({ ...group, position }, erase(position, 1), 5)).toBe(true);
    });
  });
});
