import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Document, diff, type Operation, OperationError } from "../src/index.js";
import { differences } from "../src/myers.js";
import { consecutive, documents, holds } from "./generators.js";

const of = (text: string): Document => Document.fromDelta(text === "" ? [] : [{ insert: text }]);

/** Characters of `text` that are deleted, and characters that are inserted. */
function size(operation: Operation, text: string): number {
  let [sum, at] = [0, 0];
  for (const part of operation) {
    if ("insert" in part) {
      sum += typeof part.insert === "string" ? [...part.insert].length : 1;
      continue;
    }
    const end = at + ("delete" in part ? part.delete : part.retain);
    if ("delete" in part) sum += [...text.slice(at, end)].length;
    at = end;
  }
  return sum;
}

/** The length of the longest common subsequence, by the book. */
function common(a: readonly number[], b: readonly number[]): number {
  let row = b.map(() => 0);
  for (const x of a) {
    let [diagonal, left] = [0, 0];
    row = row.map((up, index) => {
      left = x === b[index] ? diagonal + 1 : Math.max(up, left);
      diagonal = up;
      return left;
    });
  }
  return row.at(-1) ?? 0;
}

const tokens = fc.array(fc.nat(3), { maxLength: 12 });

describe("differences", () => {
  it("are as few as there can be, in hunks that are apart, and leave the rest equal", () => {
    holds(
      fc.tuple(tokens, tokens),
      ([a, b]) => {
        const hunks = differences(a, b, 100);
        let [x, y] = [0, 0];
        let count = 0;
        for (const { fromA, toA, fromB, toB } of hunks) {
          expect(a.slice(x, fromA)).toEqual(b.slice(y, fromB));
          if (count > 0) expect(fromA - x).toBeGreaterThan(0);
          expect(toA - fromA + toB - fromB).toBeGreaterThan(0);
          count += toA - fromA + toB - fromB;
          [x, y] = [toA, toB];
        }
        expect(a.slice(x)).toEqual(b.slice(y));
        expect(count).toBe(a.length + b.length - 2 * common(a, b));
      },
      3,
    );
  });

  it("beyond the bound are one hunk between the equal ends", () => {
    expect(differences([9, 1, 2, 3, 9], [9, 3, 1, 2, 9], 1)).toEqual([{ fromA: 1, toA: 4, fromB: 1, toB: 4 }]);
    expect(differences([9, 1, 2, 3, 9], [9, 3, 1, 2, 9], 2)).toHaveLength(2);
  });
});

describe("diff", () => {
  it("takes any document to any other one", () => {
    holds(
      fc.tuple(documents, documents),
      ([a, b]) => {
        const operation = diff(a, b);
        expect(a.apply(operation).toDelta()).toEqual(b.toDelta());
        expect(a.apply(operation).checksum).toBe(b.checksum);
        expect(diff(a.toDelta(), b.toDelta())).toEqual(operation);
      },
      2,
    );
  });

  it("is empty for equal contents", () => {
    holds(documents, (a) => expect(diff(a, Document.fromDelta(a.toDelta()))).toEqual([]));
  });

  it("never inserts or deletes more than the edit that made the difference", () => {
    holds(consecutive(1), ({ base, operations: [edit = []] }) => {
      const text = base.text();
      expect(size(diff(base, base.apply(edit)), text)).toBeLessThanOrEqual(size(edit, text));
    });
  });

  it("keeps what stays, at several places, and formats it", () => {
    const a = Document.fromDelta([{ insert: "The quick fox" }]);
    const b = Document.fromDelta([
      { insert: "A " },
      { insert: "quick", attributes: { bold: true } },
      { insert: { image: "x" } },
      { insert: " fox!" },
    ]);
    expect(diff(a, b)).toEqual([
      { insert: "A" },
      { delete: 3 },
      { retain: 1 },
      { retain: 5, attributes: { bold: true } },
      { insert: { image: "x" } },
      { retain: 4 },
      { insert: "!" },
    ]);
  });

  it("only formats where only formatting differs: set, replaced and removed", () => {
    const a = Document.fromDelta([{ insert: "ab", attributes: { bold: true, size: 1, __proto__: null } }]);
    const b = Document.fromDelta([{ insert: "a", attributes: { size: 2 } }, { insert: "b" }]);
    expect(diff(a, b)).toEqual([
      { retain: 1, attributes: { bold: null, size: 2 } },
      { retain: 1, attributes: { bold: null, size: null } },
    ]);
  });

  it("tells embeds apart by their content, not by the order of their keys", () => {
    const a = Document.fromDelta([{ insert: { box: { x: 1, y: 2 } } }, { insert: { box: 1 } }]);
    const b = Document.fromDelta([{ insert: { box: { y: 2, x: 1 } } }, { insert: { box: 2 } }]);
    expect(diff(a, b)).toEqual([{ retain: 1 }, { insert: { box: 2 } }, { delete: 1 }]);
  });

  it("never cuts a surrogate pair", () => {
    // Both pairs share a half.
    expect(diff(of("a😀b"), of("a😁b"))).toEqual([{ retain: 1 }, { insert: "😁" }, { delete: 2 }]);
    expect(diff(of("😀"), of("🈀"))).toEqual([{ insert: "🈀" }, { delete: 2 }]);
  });

  it("finds a few edits far apart in a long text, line by line", () => {
    const lines = Array.from({ length: 3_000 }, (_, index) => `line ${index} of a long text\n`);
    const edited = lines.flatMap((line, index) => {
      if (index === 5) return [];
      if (index === 1_500) return [line.replace("long", "longish")];
      return index === 2_900 ? [line, "another one\n"] : [line];
    });
    const [a, b] = [of(lines.join("")), of(edited.join(""))];
    const operation = diff(a, b);
    expect(a.apply(operation).text()).toBe(b.text());
    expect(size(operation, a.text())).toBe((lines[5] ?? "").length + 3 + "another one\n".length);
  });

  it("replaces what has too little in common", () => {
    const letters = (from: number): string =>
      Array.from({ length: 3_000 }, (_, index) => String.fromCharCode(0x4e00 + ((index * from) % 9_973))).join("");
    const [a, b] = [of(`<${letters(7)}>`), of(`<${letters(11)}>`)];
    const operation = diff(a, b);
    expect(operation).toHaveLength(3);
    expect(a.apply(operation).text()).toBe(b.text());
  });

  it("takes Deltas however they are written, but documents only", () => {
    expect(diff([{ insert: "a" }, { insert: "b" }], [{ insert: "ac", continues: true }])).toEqual([
      { retain: 1 },
      { insert: "c" },
      { delete: 1 },
    ]);
    expect(() => diff([], [{ insert: "a" }, { delete: 1 }])).toThrow(OperationError);
    expect(() => diff([{ delete: 1 }], [])).toThrow(/component 0/);
  });
});
