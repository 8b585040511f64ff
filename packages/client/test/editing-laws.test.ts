import { componentLength, Document, isDelete, isInsert, type Operation } from "@tutti/ot";
import { documents, operationsOn } from "@tutti/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { overlapOf } from "../src/conflict/overlap.js";
import { find, replaceAll } from "../src/find/index.js";
import { preload } from "../src/index.js";
import { unopened } from "./world.js";

// The other half of the replica: it is not waited for here.
await preload();

/** A document, an operation that leads to it, and one that starts from it. */
const between = documents().chain((base) =>
  operationsOn(base).chain((mine) => {
    const visible = base.apply(mine);
    return fc.tuple(fc.constant(visible), fc.constant(mine), operationsOn(visible));
  }),
);

/** The overlap again, unit by unit: each unit that is inserted or deleted counts for the line that it is in. */
function slowOverlap(visible: Document, mine: Operation, theirs: Operation): number {
  const text = visible.text();
  const lineOf = (index: number): number => text.slice(0, index).split("\n").length - 1;
  const touched = (operation: Operation, spreads: (part: Operation[number]) => boolean): number[] => {
    const units: number[] = [];
    let position = 0;
    for (const part of operation) {
      const length = componentLength(part);
      const [inserts, deletes] = [isInsert(part), isDelete(part)];
      if (inserts || deletes) {
        for (let unit = 0; unit < length; unit += 1) units.push(lineOf(position + (spreads(part) ? unit : 0)));
      }
      if (spreads(part) || (!inserts && !deletes)) position += length;
    }
    return units;
  };
  const [left, right] = [touched(mine, isInsert), touched(theirs, isDelete)];
  const count = (units: readonly number[], line: number): number => units.filter((unit) => unit === line).length;
  return [...new Set(left)].reduce((sum, line) => sum + Math.min(count(left, line), count(right, line)), 0);
}

describe("how much both sides changed in the same paragraphs (C12)", () => {
  it("is what counting unit by unit says", () => {
    fc.assert(
      fc.property(between, ([visible, mine, theirs]) => {
        expect(overlapOf(visible, mine, theirs)).toBe(slowOverlap(visible, mine, theirs));
      }),
    );
  });

  it("is never more than either side changed", () => {
    const all = Document.fromOperation([{ insert: "a\nb\nc" }]);
    expect(overlapOf(all, [{ insert: "a\nb\nc" }], [{ delete: 5 }])).toBe(5);
    expect(overlapOf(all, [{ insert: "a\nb\nc" }], [{ retain: 2 }, { insert: "xxxx" }])).toBe(2);
    expect(overlapOf(all, [], [{ delete: 5 }])).toBe(0);
  });
});

describe("find and replace all (C15)", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "B", " ", "\n", "😀", "."), maxLength: 40 });
  const query = fc.string({ unit: fc.constantFrom("a", "b", ".", "😀"), minLength: 1, maxLength: 3 });

  it("does to plain text what String.replaceAll does", () => {
    fc.assert(
      fc.property(letters, query, letters, (text, wanted, replacement) => {
        const { doc, server } = unopened(text === "" ? [] : [{ insert: text }]);
        server.pump();
        const count = replaceAll(doc, wanted, replacement, { matchCase: true });
        expect(doc.text()).toBe(text.replaceAll(wanted, () => replacement));
        expect(count).toBe(text.split(wanted).length - 1);
        doc.undo();
        expect(doc.text()).toBe(text);
      }),
    );
  });

  it("finds in any document what is there, and leaves what is between as it was", () => {
    fc.assert(
      fc.property(documents(), query, (document, wanted) => {
        const { doc, server } = unopened(document.toDelta());
        server.pump();
        for (const { index, length } of find(doc, wanted)) {
          expect(
            doc
              .text()
              .slice(index, index + length)
              .toLowerCase(),
          ).toBe(wanted.toLowerCase());
        }
        const embeds = (content: Operation) =>
          content.filter((part) => isInsert(part) && typeof part.insert !== "string");
        const before = embeds(doc.content());
        replaceAll(doc, wanted, "");
        expect(embeds(doc.content())).toEqual(before);
      }),
    );
  });
});
