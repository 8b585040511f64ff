import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Document, EMBED_CHARACTER, normalise, type Operation, OperationError } from "../src/index.js";
import { attributes, consecutive, documents, embed, holds, text } from "./generators.js";

/** Documents of many leaves, with lines of all lengths, formatting and embeds. */
const piece = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(text, fc.nat(300)).map(([some, times]) => some.repeat(times + 1)) },
  { weight: 2, arbitrary: fc.constantFrom("\n", "\n\n\n", "one line\n") },
  { weight: 1, arbitrary: embed },
);
const long: fc.Arbitrary<Document> = fc
  .array(fc.tuple(piece, attributes), { maxLength: 30 })
  .map((runs) =>
    Document.fromOperation(
      normalise(runs.map(([insert, formats]) => ({ insert, ...(formats && { attributes: formats }) }))),
    ),
  );
const places = fc.tuple(fc.nat(30_000), fc.nat(30_000));

/** Two positions of the document in order. */
function rangeIn(document: Document, [a, b]: readonly [number, number]): readonly [number, number] {
  const [one, two] = [a % (document.length + 1), b % (document.length + 1)];
  return [Math.min(one, two), Math.max(one, two)];
}

describe("reading without flattening", () => {
  it("reads units and stretches as the text has them", () => {
    holds(
      fc.tuple(long, places),
      ([document, wish]) => {
        const plain = document.text();
        const [from, to] = rangeIn(document, wish);
        expect(document.textBetween(from, to)).toBe(plain.slice(from, to));
        expect(document.charCodeAt(from)).toBe(plain.charCodeAt(from));
        expect(document.textBetween(to, plain.length + 10)).toBe(plain.slice(to));
      },
      0.2,
    );
  });

  it("has no unit outside", () => {
    const document = Document.fromDelta([{ insert: "ab" }, { insert: { image: "x" } }]);
    expect([-1, 3, 99, Number.NaN].map((index) => document.charCodeAt(index))).toEqual(Array(4).fill(Number.NaN));
    expect(Document.empty.charCodeAt(0)).toBeNaN();
    expect(document.charCodeAt(2)).toBe(EMBED_CHARACTER.charCodeAt(0));
  });

  it("hands out runs from anywhere to anywhere: together they are the slice", () => {
    holds(
      fc.tuple(long, places),
      ([document, wish]) => {
        const [from, to] = rangeIn(document, wish);
        const runs = [...document.runs(from, to)];
        let position = from;
        for (const run of runs) {
          expect(run.start).toBe(position);
          position += typeof run.content === "string" ? run.content.length : 1;
          expect(run.content).not.toBe("");
        }
        expect(position).toBe(to);
        const parts: Operation = runs.map(({ content, attributes: formats }) => ({
          insert: content,
          ...(formats && { attributes: formats }),
        }));
        if (!tears(document, from) && !tears(document, to)) expect(normalise(parts)).toEqual(document.slice(from, to));
      },
      0.2,
    );
    expect([...Document.empty.runs()]).toEqual([]);
  });

  it("reads on only as far as it is asked", () => {
    const document = Document.fromDelta([{ insert: "abc\n".repeat(100_000) }]);
    const runs = document.runs(200_001);
    const first = runs.next().value;
    expect(first?.start).toBe(200_001);
    expect(String(first?.content).startsWith("bc\n")).toBe(true);
  });

  const tears = (document: Document, at: number): boolean =>
    /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(document.textBetween(Math.max(0, at - 1), at + 1));
});

describe("lines", () => {
  it("are those of the text, there and back", () => {
    holds(
      fc.tuple(long, fc.nat(30_000)),
      ([document, wish]) => {
        const lines = document.text().split("\n");
        expect(document.lineCount).toBe(lines.length);
        const index = wish % (document.length + 1);
        const line = document.text().slice(0, index).split("\n").length - 1;
        expect(document.lineAt(index)).toBe(line);
        const start = lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0);
        expect(document.lineStart(line)).toBe(start);
        expect(document.lineAt(start)).toBe(line);
      },
      0.3,
    );
  });

  it("stay right after any history", () => {
    holds(consecutive(5), ({ base, operations }) => {
      let document = base;
      for (const operation of operations) {
        document = document.apply(operation);
        const lines = document.text().split("\n");
        expect(document.lineCount).toBe(lines.length);
        expect(document.lineStart(lines.length - 1)).toBe(document.length - (lines.at(-1)?.length ?? 0));
      }
    });
  });

  it("take a position outside for the nearest end", () => {
    const document = Document.fromDelta([{ insert: "a\nb\nc" }]);
    expect([-5, 0, 1, 2, 5, 99].map((index) => document.lineAt(index))).toEqual([0, 0, 0, 1, 2, 2]);
    expect([0, 1, 2].map((line) => document.lineStart(line))).toEqual([0, 2, 4]);
    expect([Document.empty.lineCount, Document.empty.lineAt(0), Document.empty.lineStart(0)]).toEqual([1, 0, 0]);
  });

  it.each([-1, 3, 0.5, Number.NaN])("has no line %d of three", (line) => {
    const document = Document.fromDelta([{ insert: "a\nb\nc" }]);
    expect(() => document.lineStart(line)).toThrowError(OperationError);
  });
});

describe("a keystroke", () => {
  it("is the same by the short cut as by the long way", () => {
    // An empty insert at the end keeps the operation from being read as a splice; normal form drops it.
    const edit = fc.tuple(fc.nat(), fc.nat(3), fc.oneof(text, fc.constant("")), attributes);
    holds(fc.tuple(documents, fc.array(edit, { maxLength: 8 })), ([start, edits]) => {
      let [short, longer] = [start, start];
      for (const [place, removed, put, formats] of edits) {
        const at = place % (short.length + 1);
        const operation: Operation = [
          ...(at > 0 ? [{ retain: at }] : []),
          ...(put !== "" ? [{ insert: put, ...(formats && { attributes: formats }) }] : []),
          ...(removed > 0 ? [{ delete: removed }] : []),
        ];
        const [one, two] = [attempt(short, operation), attempt(longer, [...operation, { insert: "" }, { retain: 0 }])];
        expect(typeof one === "string" ? one : one.toDelta()).toEqual(typeof two === "string" ? two : two.toDelta());
        if (typeof one === "string" || typeof two === "string") continue;
        expect(one.checksum).toBe(two.checksum);
        [short, longer] = [one, two];
      }
    });
  });

  it("that is malformed is refused, however short", () => {
    const document = Document.fromDelta([{ insert: "abc" }]);
    const operations: readonly unknown[] = [
      [{ retain: 1, insert: "x" }],
      [{ retain: 1, delete: 1 }],
      [{ insert: "x", delete: 1 }],
      [{ retain: 1 }, { insert: "x", retain: undefined }],
      [{ retain: 1.5 }, { insert: "x" }],
      [{ retain: 1 }, { insert: "x" }, { delete: -1 }],
      [{ insert: "x", attributes: 1 }],
    ];
    for (const operation of operations) {
      expect(attempt(document, operation as Operation)).toMatch(/^malformed/);
    }
  });

  /** The document after it, or the code of the refusal. */
  function attempt(document: Document, operation: Operation): Document | string {
    try {
      return document.apply(operation);
    } catch (error) {
      if (error instanceof OperationError) return error.code;
      throw error;
    }
  }
});
