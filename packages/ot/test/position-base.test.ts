import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Attributes,
  baseLength,
  basePosition,
  EMBED_CHARACTER,
  isInsert,
  isNoop,
  isRetain,
  lengthDifference,
  type Operation,
  placeOfChange,
  transformPosition,
} from "../src/index.js";
import { documents, holds, operationOn, steps } from "./generators.js";

describe("basePosition: the way back over an operation", () => {
  it.each<[string, Operation, readonly number[]]>([
    ["nothing changes", [], [0, 1, 2, 3]],
    [
      "inside and at the edges of an insert: the place of the insert",
      [{ retain: 1 }, { insert: "ab" }],
      [0, 1, 1, 1, 2],
    ],
    ["at a delete: in front of what was deleted", [{ retain: 1 }, { delete: 2 }], [0, 1, 4, 5]],
    ["at the start of the text", [{ delete: 2 }], [0, 3, 4]],
    ["where text was replaced: in front of it", [{ retain: 1 }, { insert: "X" }, { delete: 2 }], [0, 1, 1, 4]],
    [
      "over several",
      [{ insert: "ab" }, { retain: 2 }, { insert: "c" }, { retain: 1 }, { delete: 1 }],
      [0, 0, 0, 1, 2, 2, 3, 5],
    ],
    ["formatting moves nothing", [{ retain: 2, attributes: { bold: true } }], [0, 1, 2, 3]],
  ])("%s", (_name, operation, expected) => {
    expect(expected.map((_, position) => basePosition(operation, position))).toEqual(expected);
  });

  it("there and back is the same position, without inserts", () => {
    holds(fc.tuple(documents, steps, fc.nat(40)), ([document, plan, position]) => {
      const operation = operationOn(document, plan).map((part) => (isInsert(part) ? { retain: 0 } : part));
      const effective = operation.filter((part) => !("retain" in part) || part.retain > 0);
      const after = Math.min(position, document.length + lengthDifference(effective));
      expect(transformPosition(effective, basePosition(effective, after))).toBe(after);
    });
  });

  it("is within the text, grows with the position, and comes back to the same place or to the edge of an insert", () => {
    holds(fc.tuple(documents, steps), ([document, plan]) => {
      const operation = operationOn(document, plan);
      expect(baseLength(operation)).toBeLessThanOrEqual(document.length);
      let last = 0;
      for (let position = 0; position <= document.length + lengthDifference(operation); position += 1) {
        const before = basePosition(operation, position);
        expect(before).toBeGreaterThanOrEqual(last);
        expect(before).toBeLessThanOrEqual(document.length);
        expect(transformPosition(operation, before, "left")).toBeLessThanOrEqual(position);
        expect(transformPosition(operation, before, "right")).toBeGreaterThanOrEqual(position);
        last = before;
      }
    });
  });
});

describe("placeOfChange", () => {
  it.each<[string, Operation, number | undefined]>([
    ["nothing", [], undefined],
    ["a plain retain", [{ retain: 3 }], undefined],
    ["behind inserted text", [{ retain: 2 }, { insert: "ab" }], 4],
    ["where deleted text was", [{ retain: 2 }, { delete: 5 }], 2],
    ["the last of several", [{ insert: "a" }, { delete: 1 }, { retain: 2 }, { delete: 1 }], 3],
    ["in front of formatted text", [{ retain: 1 }, { retain: 2, attributes: { bold: true } }], 1],
  ])("is %s", (_name, operation, place) => expect(placeOfChange(operation)).toBe(place));

  it("is undefined exactly where nothing changes", () => {
    holds(fc.tuple(documents, steps), ([base, plan]) => {
      const operation = operationOn(base, plan);
      expect(placeOfChange(operation) === undefined).toBe(isNoop(operation));
    });
  });

  it("has behind it the end of the text as it was, and right at it the last change", () => {
    holds(fc.tuple(documents, steps), ([base, plan]) => {
      const operation = operationOn(base, plan);
      const place = placeOfChange(operation);
      const last = operation.at(-1);
      if (place === undefined || last === undefined) return;
      const after = base.apply(operation);
      const behind = after.length - place;
      expect(after.text().slice(place)).toBe(base.text().slice(base.length - behind));
      // Nothing further left will do: the last component starts, or ends, right here.
      if (isInsert(last)) {
        const text = typeof last.insert === "string" ? last.insert : EMBED_CHARACTER;
        expect(after.text().slice(0, place).endsWith(text)).toBe(true);
        expect(basePosition(operation, place - 1)).toBe(basePosition(operation, place));
      } else if (isRetain(last)) {
        expect(after.length - place - last.retain).toBe(base.length - baseLength(operation));
        for (const { attributes } of after.runs(place, place + last.retain)) {
          expect(attributes ?? {}).toMatchObject(set(last.attributes));
        }
      } else {
        const end = base.length - behind;
        expect([end - last.delete, end].map((at) => transformPosition(operation, at))).toEqual([place, place]);
      }
    });
  });

  it("is the same for an edit inside an embed, which it is in front of", () => {
    expect(placeOfChange([{ retain: 3 }, { retain: 1, change: { count: 1 } }])).toBe(3);
    expect(placeOfChange([{ insert: "ab" }, { retain: 1 }, { retain: 1, change: { count: 1 } }])).toBe(3);
  });

  /** What a retain sets, without what it removes. */
  const set = (attributes: Attributes | undefined): Attributes =>
    Object.fromEntries(Object.entries(attributes ?? {}).filter(([, value]) => value !== null));
});
