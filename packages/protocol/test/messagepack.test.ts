import fc from "fast-check";
import { Packr } from "msgpackr";
import { describe, expect, it } from "vitest";
import { TuttiError } from "../src/index.js";
import { decodeMessagePack, encodeMessagePack, encodeOnce } from "../src/messagepack.js";
import { committed } from "../src/messages/committed.js";
import { holds } from "./generators.js";

/** Independent of the implementation under test. */
const msgpackr = new Packr({ useRecords: false, variableMapSize: true, int64AsType: "number" });
const roundTrip = (value: unknown): unknown => decodeMessagePack(encodeMessagePack(value));

function refused(frame: Uint8Array): string {
  try {
    return `taken: ${JSON.stringify(decodeMessagePack(frame))}`;
  } catch (error) {
    return error instanceof TuttiError ? error.code : String(error);
  }
}

/** A text of these bytes, UTF-8 or not, as one frame. */
const textFrame = (...bytes: readonly number[]): Uint8Array =>
  Uint8Array.from([0xda, bytes.length >> 8, bytes.length & 0xff, ...bytes]);

/** The other implementation writes a double where more than 32 bits are needed. */
function shortest(value: number): Uint8Array {
  if (value < 2 ** 32 && value >= -(2 ** 31)) return Uint8Array.from(msgpackr.pack(value));
  const bytes = Buffer.alloc(9, value < 0 ? 0xd3 : 0xcf);
  bytes.writeBigInt64BE(BigInt(value), 1);
  return Uint8Array.from(bytes);
}

describe("text", () => {
  it("of every length and width is the bytes that UTF-8 says", () => {
    for (const letter of ["x", "é", "字", "😀"]) {
      for (let length = 0; length < 140; length += 1) {
        for (const text of [letter.repeat(length), `${"x".repeat(length)}${letter}`]) {
          expect(encodeMessagePack(text)).toEqual(Uint8Array.from(msgpackr.pack(text)));
          expect(roundTrip(text)).toBe(text);
        }
      }
    }
  });

  it("of any kind comes back", () => {
    const text = fc.string({ unit: "binary", maxLength: 300 }).map((s) => s.replace(/\p{Surrogate}/gu, "\uFFFD"));
    holds(text, (sent) =>
      expect(roundTrip([sent, { [sent]: sent }])).toEqual([sent, Object.fromEntries([[sent, sent]])]),
    );
  });

  it("keeps U+FEFF in front, which platforms take for a byte order mark", () => {
    for (const length of [0, 10, 100, 1000]) {
      const text = `\uFEFF${"a".repeat(length)}`;
      expect(roundTrip(text)).toBe(text);
    }
  });

  it("turns half a pair into U+FFFD", () => {
    for (const length of [0, 10, 100, 1000]) {
      const around = "a".repeat(length);
      expect(roundTrip(`${around}\uD83D${around}`)).toBe(`${around}\uFFFD${around}`);
      expect(roundTrip(`${around}\uDE00`)).toBe(`${around}\uFFFD`);
    }
  });

  it("that is not UTF-8 is refused, wherever it stands", () => {
    const wrong = [
      [0xff],
      [0x80],
      [0xc0, 0xaf],
      [0xe0, 0x80, 0xaf],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xe2, 0x82],
    ];
    for (const bytes of wrong) {
      for (const length of [0, 10, 100, 1000]) {
        const frame = textFrame(...new Array<number>(length).fill(0x61), ...bytes);
        expect(refused(frame)).toBe("malformed_frame");
        expect(refused(Uint8Array.from([0x81, ...frame, 1]))).toBe("malformed_frame");
      }
    }
  });

  it("does not reach into the value behind it", () => {
    expect(refused(Uint8Array.of(0x92, 0xa1, 0xe2, 0xa2, 0x82, 0xac))).toBe("malformed_frame");
  });
});

describe("keys", () => {
  it("that look alike are told apart", () => {
    for (const key of ["insert", "indent", "inaart", "", "é", "Ã©", "ax", "xa", "insert"]) {
      expect(roundTrip({ [key]: 1 })).toEqual({ [key]: 1 });
    }
    // The units of the first are the bytes of the second, and both have the same hash.
    for (const key of ["\u00c5\u0080\u00c3\u00a9\u00c3\u00a9", "\u0140\u00e9\u00e9"]) {
      expect(roundTrip({ [key]: 1 })).toEqual({ [key]: 1 });
    }
    const likely = fc.string({ unit: fc.constantFrom("a", "b", "é"), maxLength: 4 });
    holds(fc.dictionary(likely, fc.nat(9)), (map) => expect(roundTrip(map)).toEqual({ ...map }), 3);
  });

  it("that are cut short are refused, known or not", () => {
    decodeMessagePack(encodeMessagePack({ continues: true }));
    const frame = encodeMessagePack({ continues: true });
    for (let end = 0; end < frame.length; end += 1) expect(refused(frame.subarray(0, end))).toBe("malformed_frame");
    expect(refused(Uint8Array.of(0x81, 0x01, 0x01))).toBe("malformed_frame");
  });
});

describe("integers", () => {
  it("of 64 bits that a double can't hold are refused", () => {
    expect(refused(Uint8Array.of(0xcf, 0, 0x20, 0, 0, 0, 0, 0, 0))).toBe("malformed_frame");
    expect(refused(Uint8Array.of(0xcf, 0, 0x20, 0, 0, 0, 0, 0, 1))).toBe("malformed_frame");
    expect(refused(Uint8Array.of(0xd3, 0xff, 0xe0, 0, 0, 0, 0, 0, 0))).toBe("malformed_frame");
    expect(refused(Uint8Array.of(0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0))).toBe("malformed_frame");
    expect(decodeMessagePack(Uint8Array.of(0xd3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff))).toBe(-1);
  });

  it("are the shortest bytes there are, and come back", () => {
    const integers = fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.integer({ min: -70_000, max: 70_000 }));
    holds(integers, (value) => expect(encodeMessagePack(value)).toEqual(shortest(value)), 3);
    holds(integers, (value) => expect(roundTrip(value)).toBe(value), 3);
  });
});

describe("a frame takes no more than its bytes are worth", () => {
  it("lists within lists that all claim to be long", () => {
    const heads = new Uint8Array(10_000);
    for (let at = 0; at < heads.length; at += 5) heads.set([0xdd, 0, 0x10, 0, 0], at);
    expect(refused(heads)).toBe("malformed_frame");
    // Long enough for each of the lists to be possible: a list made as long as it says would take gigabytes.
    const padded = new Uint8Array(1_100_000);
    padded.set(heads);
    expect(refused(padded)).toBe("malformed_frame");
  });

  it("a hundred levels and not one more", () => {
    const nested = (levels: number): Uint8Array => Uint8Array.from([...new Array<number>(levels).fill(0x91), 0xc0]);
    expect(refused(nested(100))).toContain("taken");
    expect(refused(nested(101))).toBe("malformed_frame");
  });
});

describe("one message after the other", () => {
  it("is not touched by one that failed", () => {
    expect(() => encodeMessagePack(["left over", () => 0])).toThrow(TuttiError);
    expect(encodeMessagePack([1])).toEqual(Uint8Array.of(0x91, 1));
  });

  it("nor by one that is encoded meanwhile", () => {
    const value = {
      get inner() {
        return encodeMessagePack(["x".repeat(100_000)]).length;
      },
      after: "text",
    };
    expect(roundTrip([value])).toEqual([{ inner: 100_006, after: "text" }]);
  });

  it("nor by a large one, and keeps its own bytes", () => {
    const small = encodeMessagePack(["small"]);
    const large = "x".repeat(3_000_000);
    expect(roundTrip([large])).toEqual([large]);
    expect(decodeMessagePack(small)).toEqual(["small"]);
    expect(roundTrip(["small"])).toEqual(["small"]);
  });
});

describe("a value that is encoded once", () => {
  const value = { client: "tab", sequence: 1, operation: [{ retain: 3 }, { insert: "\u00e4" }], checksum: 2 ** 40 };

  it("stands in others as if it were written there", () => {
    const bytes = encodeMessagePack([34, "document", [encodeOnce(value), encodeOnce(value)]]);
    expect(bytes).toEqual(encodeMessagePack([34, "document", [value, value]]));
  });

  it("is encoded the first time only", () => {
    expect(encodeOnce(value)).toBe(encodeOnce(value));
    expect(encodeOnce({ ...value })).not.toBe(encodeOnce(value));
  });

  it("is larger than the buffer, and fits all the same", () => {
    const large = { text: "x".repeat(100_000) };
    expect(decodeMessagePack(encodeMessagePack([encodeOnce(large), 1]))).toEqual([large, 1]);
  });

  it("is a change of `committed`, whose fields the codec writes by name", () => {
    expect(committed.fields).toEqual(["document", "version", "changes"]);
  });
});
