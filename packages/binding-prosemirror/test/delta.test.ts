import { Document, normalise, type Operation } from "@tutti/ot";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deltaFromDocument, documentFromDelta, indexOf, positionOf, tuttiSchema } from "../src/index.js";
import { check, contents } from "./random-editing.js";

const roundTrip = (delta: Operation): Operation => deltaFromDocument(documentFromDelta(delta));

describe("Delta and ProseMirror document", () => {
  it("are the same thing, whatever the Delta holds", () => {
    check(
      fc.property(contents, (content) => {
        const delta = normalise(content);
        const document = documentFromDelta(delta);
        document.check();
        expect(roundTrip(delta)).toEqual(delta);
        expect(documentFromDelta(roundTrip(delta)).eq(document)).toBe(true);
      }),
      1000,
    );
  });

  it("agree on positions: index + number of the block + 1", () => {
    check(
      fc.property(contents, (content) => {
        const text = Document.fromOperation(normalise(content)).text();
        const document = documentFromDelta(content);
        for (let index = 0; index <= text.length; index += 1) {
          const block = text.slice(0, index).split("\n").length - 1;
          expect(positionOf(document, index)).toBe(index + block + 1);
          expect(indexOf(document, index + block + 1)).toBe(index);
        }
      }),
    );
  });

  it("the empty Delta is one empty paragraph", () => {
    expect(documentFromDelta([]).childCount).toBe(1);
    expect(roundTrip([])).toEqual([]);
  });

  it("text behind the last newline is a block, also when there is none", () => {
    expect(documentFromDelta([{ insert: "a" }]).childCount).toBe(1);
    expect(documentFromDelta([{ insert: "a\n" }]).childCount).toBe(2);
    expect(roundTrip([{ insert: "a\n" }])).toEqual([{ insert: "a\n" }]);
  });

  it.each<[string, Operation]>([
    ["a heading level that does not exist", [{ insert: "a" }, { insert: "\n", attributes: { header: 9 } }]],
    ["a list of an unknown kind", [{ insert: "a" }, { insert: "\n", attributes: { list: "foo", indent: -3 } }]],
    ["bold on a newline", [{ insert: "a\n", attributes: { bold: true } }]],
    ["marks with odd values", [{ insert: "a", attributes: { bold: "very", link: 7, italic: false, code: [] } }]],
    ["an attribute named __proto__", [{ insert: "a", attributes: JSON.parse('{"__proto__": {"x": 1}}') }]],
    ["an unknown embed with formats", [{ insert: { video: { url: "x" } }, attributes: { width: 3, bold: true } }]],
    ["an unsafe link", [{ insert: "a", attributes: { link: "javascript:alert(1)" } }]],
    ["carriage returns and the object character", [{ insert: "a\r\nb\uFFFC\r" }]],
  ])("keeps %s", (_name, delta) => {
    expect(roundTrip(delta)).toEqual(normalise(delta));
    expect(() => documentFromDelta(delta).check()).not.toThrow();
  });

  it("counts a last block with attributes as if an empty paragraph followed", () => {
    const heading = tuttiSchema.nodes.block.create({ attributes: { header: 1 } }, tuttiSchema.text("T"));
    const document = tuttiSchema.nodes.doc.create(null, heading);
    expect(deltaFromDocument(document)).toEqual([{ insert: "T" }, { insert: "\n", attributes: { header: 1 } }]);
  });
});
