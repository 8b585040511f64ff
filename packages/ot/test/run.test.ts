import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { continuesRun, Document, growRun, moveRun, type Operation, type Run } from "../src/index.js";
import { holds, operationOn, steps } from "./generators.js";

describe("the run that a person is typing", () => {
  const run: Run = { start: 3, end: 6 };

  it("goes on behind any of its units, not in front of them", () => {
    expect([2, 3, 4, 5, 6, 7].map((index) => continuesRun(run, index))).toEqual([
      false,
      false,
      true,
      true,
      true,
      false,
    ]);
    expect(continuesRun(undefined, 0)).toBe(false);
  });

  it("grows where it goes on, and starts anew elsewhere", () => {
    expect(growRun(run, 6, 2)).toEqual({ start: 3, end: 8 });
    // Typing inside one's own text: what is behind the caret is not continued any more.
    expect(growRun(run, 4, 1)).toEqual({ start: 3, end: 5 });
    expect(growRun(run, 3, 1)).toEqual({ start: 3, end: 4 });
    expect(growRun(undefined, 9, 1)).toEqual({ start: 9, end: 10 });
  });

  const moves: readonly (readonly [string, Operation, Run | undefined])[] = [
    ["text in front of it", [{ insert: "ab" }], { start: 5, end: 8 }],
    ["text exactly at its start", [{ retain: 3 }, { insert: "ab" }], { start: 5, end: 8 }],
    ["text exactly at its end", [{ retain: 6 }, { insert: "ab" }], { start: 3, end: 6 }],
    ["text behind it", [{ retain: 9 }, { insert: "ab" }], { start: 3, end: 6 }],
    ["a delete in front of it", [{ delete: 2 }], { start: 1, end: 4 }],
    ["a delete over its start", [{ retain: 2 }, { delete: 2 }], { start: 2, end: 4 }],
    ["a delete over its end", [{ retain: 5 }, { delete: 3 }], { start: 3, end: 5 }],
    ["a delete of all of it", [{ retain: 2 }, { delete: 5 }], undefined],
    ["text inside it: what is behind stays", [{ retain: 4 }, { insert: "ab" }], { start: 6, end: 8 }],
    ["text inside it twice", [{ retain: 4 }, { insert: "a" }, { retain: 1 }, { insert: "b" }], { start: 7, end: 8 }],
    ["an embed inside it", [{ retain: 5 }, { insert: { image: "x" } }], { start: 6, end: 7 }],
    ["text inside and the rest deleted", [{ retain: 4 }, { insert: "ab" }, { delete: 2 }], undefined],
    ["formatting", [{ retain: 9, attributes: { bold: true } }], { start: 3, end: 6 }],
  ];
  for (const [name, remote, expected] of moves) {
    it(`moves over ${name}`, () => expect(moveRun(run, remote)).toEqual(expected));
  }

  it("is nothing after nothing", () => {
    expect(moveRun(undefined, [{ insert: "x" }])).toBeUndefined();
  });

  it("holds only units of its author, whatever others do", () => {
    holds(fc.tuple(steps, fc.nat(8), fc.nat(8)), ([taken, a, b]) => {
      const [start, end] = [Math.min(a, b), Math.max(a, b) + 1];
      // Mine are the units of the run: nobody else ever types an M.
      const mine = "M".repeat(end - start);
      const base = Document.fromDelta([{ insert: `${"-".repeat(start)}${mine}${"-".repeat(9)}` }]);
      const operation = operationOn(base, taken);
      const moved = moveRun({ start, end }, operation);
      if (moved === undefined) return;
      expect(base.apply(operation).text().slice(moved.start, moved.end)).toMatch(/^M+$/);
    });
  });
});
