import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  baseLength,
  basePosition,
  isInsert,
  lengthDifference,
  type Operation,
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
