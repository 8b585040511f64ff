import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteReader, ByteWriter } from "../src/bytes.js";
import {
  decodeOperation,
  decodeUtf8,
  encodeOperation,
  encodeUtf8,
  type Operation,
  OperationError,
} from "../src/index.js";
import { consecutive, holds } from "./generators.js";

const codeOf = (attempt: () => unknown): string | undefined => {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return error.code;
  }
};
const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

describe("the binary form", () => {
  it("is exactly this", () => {
    const show = (operation: Operation): readonly number[] => [...encodeOperation(operation)];
    expect(show([])).toEqual([1]);
    expect(show([{ retain: 5 }, { insert: "a" }])).toEqual([1, 40, 20, 97]);
    expect(show([{ insert: "a", continues: true }, { delete: 3 }])).toEqual([1, 28, 97, 26]);
    expect(show([{ retain: 300, attributes: { b: 1 } }])).toEqual([1, 0xe1, 0x12, 7, ...Buffer.from('{"b":1}')]);
    expect(show([{ insert: { i: 1 } }])).toEqual([1, 0x76, ...Buffer.from('{"i":1}')]);
  });

  it("takes few bytes for a keystroke", () => {
    expect(encodeOperation([{ retain: 2_000 }, { insert: "e" }]).length).toBeLessThanOrEqual(6);
    expect(encodeOperation([{ retain: 50_000_000 }, { insert: "e", continues: true }]).length).toBeLessThanOrEqual(8);
    expect(encodeOperation([{ retain: 99_999_999 }, { delete: 1 }]).length).toBeLessThanOrEqual(8);
    expect(encodeOperation([{ retain: 99_999_999 }, { insert: "😀" }]).length).toBeLessThanOrEqual(11);
  });

  it("carries text of any length", () => {
    for (const text of ["é漢😀".repeat(5_000), "x".repeat(1_000_000)]) {
      expect(decodeOperation(encodeOperation([{ insert: text }]))).toEqual([{ insert: text }]);
    }
  });

  it("refuses anything else with a typed error: random bytes", () => {
    holds(fc.uint8Array({ maxLength: 60 }), (garbage) => void codeOf(() => decodeOperation(garbage)), 5);
    holds(fc.uint8Array({ maxLength: 60 }), (garbage) => void codeOf(() => decodeOperation(bytes(1, ...garbage))), 5);
  });

  it("refuses anything else with a typed error: true bytes with a few changed", () => {
    const change = fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { minLength: 1, maxLength: 3 });
    holds(
      fc.tuple(consecutive(1), change, fc.nat(200)),
      ([{ operations }, changes, cut]) => {
        const damaged = encodeOperation(operations[0] ?? []);
        for (const [at, value] of changes) damaged[at % damaged.length] = value;
        void codeOf(() => decodeOperation(damaged));
        void codeOf(() => decodeOperation(damaged.subarray(0, cut % (damaged.length + 1))));
      },
      3,
    );
  });

  const damaged: readonly (readonly [string, Uint8Array, string])[] = [
    ["no byte at all", bytes(), "malformed"],
    ["a later format", bytes(3, 40), "unsupported_version"],
    ["an end within a number", bytes(1, 0x80), "malformed"],
    ["an end within text", bytes(1, 0x54, 97), "malformed"],
    ["a number that is too large", bytes(1, 255, 255, 255, 255, 255, 255, 255, 255, 1), "malformed"],
    ["a number that never ends", bytes(1, ...Array.from({ length: 1200 }, () => 0x80), 0), "malformed"],
    ["a number longer than it needs to be", bytes(1, 0xa8, 0x00), "malformed"],
    ["a length of zero", bytes(1, 0), "malformed"],
    ["a length beyond any document", bytes(1, 0x80, 0x80, 0x80, 0x80, 0x40), "out_of_range"],
    ["half a pair as three bytes", bytes(1, 0x34, 0xed, 0xa0, 0x80), "malformed"],
    ["an overlong letter", bytes(1, 0x24, 0xc1, 0x81), "malformed"],
    ["text cut within a letter", bytes(1, 0x14, 0xc3), "malformed"],
    ["a tail byte alone", bytes(1, 0x14, 0x80), "malformed"],
    ["beyond Unicode", bytes(1, 0x44, 0xf4, 0x90, 0x80, 0x80), "malformed"],
    ["attributes that are no JSON", bytes(1, 9, 1, 0x7b), "malformed"],
    ["attributes that are no object", bytes(1, 9, 1, 0x31), "malformed"],
    ["an embed that is text", bytes(1, 0x36, 0x22, 0x61, 0x22), "malformed"],
  ];
  for (const [name, input, code] of damaged) {
    it(`refuses ${name}`, () => expect(codeOf(() => decodeOperation(input))).toBe(code));
  }
});

describe("varints", () => {
  it("carry every safe integer", () => {
    holds(fc.maxSafeNat(), (value) => {
      const out = new ByteWriter();
      out.varint(value);
      const input = new ByteReader(out.finish());
      expect([input.varint(), input.done]).toEqual([value, true]);
    });
  });
});

describe("UTF-8", () => {
  it("agrees with TextEncoder and TextDecoder for every text", () => {
    holds(fc.string({ unit: "binary", maxLength: 50 }), (text) => {
      expect([...encodeUtf8(text)]).toEqual([...new TextEncoder().encode(text)]);
      expect(decodeUtf8(encodeUtf8(text))).toBe(text);
    });
  });

  it("writes half a pair as the replacement character, as TextEncoder does", () => {
    for (const text of ["\uD800", "a\uDC00b", "\uDC00\uD800", "\uD83D\uD83D\uDE00"]) {
      expect([...encodeUtf8(text)]).toEqual([...new TextEncoder().encode(text)]);
    }
  });

  it("refuses exactly what TextDecoder refuses", () => {
    const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const lead = fc.constantFrom(
      0x41,
      0x7f,
      0x80,
      0xbf,
      0xc0,
      0xc1,
      0xc2,
      0xdf,
      0xe0,
      0xed,
      0xef,
      0xf0,
      0xf4,
      0xf5,
      0xff,
    );
    const tail = fc.constantFrom(0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0x41);
    holds(
      fc.array(fc.oneof(lead, tail), { maxLength: 6 }),
      (values) => {
        const input = Uint8Array.from(values);
        let expected: string | undefined;
        try {
          expected = strict.decode(input);
        } catch {
          expected = undefined;
        }
        if (expected === undefined) expect(codeOf(() => decodeUtf8(input))).toBe("malformed");
        else expect(decodeUtf8(input)).toBe(expected);
      },
      5,
    );
  });
});
