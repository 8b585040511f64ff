import { describe, expect, it } from "vitest";
import { canonicalJson, Document, OperationError, parseDocument, parseOperation, UNLIMITED } from "../src/index.js";
import { delta, holds } from "./generators.js";

function refusal(json: unknown, parse: (json: unknown) => unknown = parseOperation): readonly [string, number?] {
  try {
    parse(json);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return error.component === undefined ? [error.code] : [error.code, error.component];
  }
  throw new Error("nothing was refused");
}
const nested = (depth: number): unknown => (depth === 0 ? 1 : { x: nested(depth - 1) });
const cyclic: Record<string, unknown> = {};
cyclic["self"] = cyclic;

describe("parseOperation", () => {
  it("normalises", () => {
    const json = [
      { insert: "a", attributes: {}, continues: false },
      { insert: "b", attributes: { bold: null } },
      { delete: 1 },
      { insert: "c" },
      { retain: 1, attributes: { bold: null } },
      { retain: 2 },
    ];
    expect(parseOperation(json)).toEqual([{ insert: "abc" }, { delete: 1 }, { retain: 1, attributes: { bold: null } }]);
    expect(parseOperation({ ops: json })).toEqual(parseOperation(json));
  });

  it("keeps the bit, and ignores keys it does not know", () => {
    expect(parseOperation([{ insert: "a", continues: true, later: 1 }])).toEqual([{ insert: "a", continues: true }]);
  });

  it("takes JSON of parsed text as it is: own keys named like internals", () => {
    const [part] = parseOperation(JSON.parse('[{"retain":1,"attributes":{"__proto__":{"polluted":true}}}]'));
    expect(JSON.stringify(part)).toBe('{"retain":1,"attributes":{"__proto__":{"polluted":true}}}');
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  const cases: readonly (readonly [string, unknown, string, number?])[] = [
    ["no list", "abc", "malformed"],
    ["null", null, "malformed"],
    ["ops that are no list", { ops: 5 }, "malformed"],
    ["a list in a list", [[{ insert: "a" }]], "malformed", 0],
    ["a Map", [new Map([["insert", "a"]])], "malformed", 0],
    ["a Date", [new Date(0)], "malformed", 0],
    ["bytes", [new Uint8Array(3)], "malformed", 0],
    ["a component of a kind to come", [{ insert: "a" }, { move: 3 }], "malformed", 1],
    ["two kinds", [{ insert: "a", delete: 1 }], "malformed", 0],
    ["an empty insert", [{ insert: "" }], "malformed", 0],
    ["a length of zero", [{ retain: 0 }], "malformed", 0],
    ["a negative length", [{ delete: -5 }], "malformed", 0],
    ["a fraction", [{ retain: 0.5 }], "malformed", 0],
    ["a bigint", [{ retain: 5n }], "malformed", 0],
    ["a length beyond any document", [{ retain: 2 ** 31 }], "out_of_range", 0],
    ["lengths that add up to that", [{ retain: 2 ** 30 }, { delete: 2 ** 30 }], "out_of_range", 1],
    ["an unsafe length", [{ retain: 2 ** 60 }], "malformed", 0],
    ["a bit that is no bit", [{ insert: "a", continues: 1 }], "malformed", 0],
    ["half a pair", [{ retain: 1 }, { insert: "a\uD800b" }], "lone_surrogate", 1],
    ["half a pair in an attribute", [{ retain: 1, attributes: { a: "\uDC00" } }], "lone_surrogate", 0],
    ["half a pair in a key", [{ retain: 1, attributes: { "\uDC00": 1 } }], "lone_surrogate", 0],
    ["half a pair in an embed", [{ insert: { image: ["\uD83D"] } }], "lone_surrogate", 0],
    ["attributes that are a list", [{ retain: 1, attributes: [1] }], "malformed", 0],
    ["NaN in attributes", [{ retain: 1, attributes: { n: Number.NaN } }], "malformed", 0],
    ["Infinity in an embed", [{ insert: { n: Number.POSITIVE_INFINITY } }], "malformed", 0],
    ["undefined in attributes", [{ retain: 1, attributes: { n: undefined } }], "malformed", 0],
    ["a function in attributes", [{ retain: 1, attributes: { toJSON: () => 1 } }], "malformed", 0],
    ["a date in attributes", [{ retain: 1, attributes: { n: new Date(0) } }], "malformed", 0],
    ["attributes too deep", [{ retain: 1, attributes: nested(9) }], "too_deep", 0],
    ["an embed too deep", [{ insert: "a" }, { insert: nested(9) }], "too_deep", 1],
    ["attributes in a circle", [{ retain: 1, attributes: cyclic }], "too_deep", 0],
    ["too large attributes", [{ retain: 1, attributes: { a: "x".repeat(20_000) } }], "too_large", 0],
    ["too long an insert", [{ insert: "x".repeat(100_001) }], "too_large", 0],
    ["too many components", Array.from({ length: 100_001 }, () => ({ insert: "a" })), "too_large", 100_000],
  ];
  for (const [name, json, ...expected] of cases) {
    it(`refuses ${name}: ${expected.join(" at ")}`, () => expect(refusal(json)).toEqual(expected));
  }

  it("goes exactly to its limits", () => {
    expect(parseOperation([{ insert: "x".repeat(100_000) }])).toHaveLength(1);
    expect(parseOperation([{ retain: 1, attributes: nested(8) }])).toHaveLength(1);
    expect(refusal([{ retain: 1, attributes: nested(33) }], (json) => parseOperation(json, UNLIMITED))).toEqual([
      "too_deep",
      0,
    ]);
  });

  it("survives absurd depth", () => {
    const deep = JSON.parse(`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`);
    expect(refusal([{ retain: 1, attributes: deep }])).toEqual(["too_deep", 0]);
  });
});

describe("canonicalJson", () => {
  it("sorts keys at every depth, and takes undefined for null", () => {
    const careless = { b: [{ y: 1, x: undefined as unknown as null }], a: "ü" };
    expect(canonicalJson(careless)).toBe('{"a":"ü","b":[{"x":null,"y":1}]}');
  });
});

describe("parseDocument", () => {
  it("names the first component that is no insert, in the caller's counting", () => {
    expect(refusal([{ insert: "a" }, { insert: "b" }, { delete: 1 }], parseDocument)).toEqual(["malformed", 2]);
    expect(refusal([{ insert: "a" }, { retain: 1 }], parseDocument)).toEqual(["malformed", 1]);
  });

  it("gives normal form, which a document gives back", () => {
    holds(delta, (content) => {
      expect(parseDocument(JSON.parse(JSON.stringify(content)))).toEqual(content);
      expect(Document.fromDelta(content).toDelta()).toEqual(parseDocument(content));
    });
  });
});
