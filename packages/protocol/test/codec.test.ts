import { Packr } from "msgpackr";
import { describe, expect, it } from "vitest";
import { codecFor, type Message, SUBPROTOCOLS } from "../src/index.js";
import { decodeMessagePack, encodeMessagePack } from "../src/messagepack.js";
import { type AnyKind, DOWN, UP } from "../src/messages/directions.js";
import { holds, MESSAGES, message } from "./generators.js";

const kinds = [...UP, ...DOWN] as unknown as readonly AnyKind[];
const upTypes = new Set<string>(UP.map((kind) => kind.type));
const binary = codecFor("tutti.v1");
const json = codecFor("tutti.v1+json");

/** Independent of the codec under test. */
const msgpackr = new Packr({ useRecords: false, variableMapSize: true, int64AsType: "number" });

const roundTrip = (codec: typeof binary, sent: Message): Message =>
  upTypes.has(sent.type) ? codec.decodeUp(codec.encode(sent)) : codec.decodeDown(codec.encode(sent));

describe("both codecs", () => {
  it("cover every message in the generators", () => {
    expect(Object.keys(MESSAGES).sort()).toEqual(kinds.map(({ type }) => type).sort());
  });

  for (const name of SUBPROTOCOLS) {
    it(`${name} brings back every message`, () => {
      holds(
        message,
        (sent) => {
          const received = roundTrip(codecFor(name), sent);
          // As JSON text: toEqual can't see own keys called "__proto__".
          expect(sorted(received)).toBe(sorted(sent));
        },
        3,
      );
    });
  }

  it("agree with each other", () => {
    holds(message, (sent) => expect(sorted(roundTrip(binary, sent))).toBe(sorted(roundTrip(json, sent))));
  });
});

describe("tutti.v1", () => {
  it("is a list of the code and the values in the order of the fields", () => {
    holds(message, (sent) => {
      const kind = kinds.find(({ type }) => type === sent.type);
      const [code, ...values] = msgpackr.unpack(binary.encode(sent) as Uint8Array) as readonly unknown[];
      expect(code).toBe(kind?.code);
      expect(values.length).toBeLessThanOrEqual(kind?.fields.length ?? 0);
      for (const [index, field] of (kind?.fields ?? []).entries()) {
        const value = (sent as unknown as Record<string, unknown>)[field] ?? null;
        if (typeof value !== "object") expect(values[index]).toBe(value);
      }
    });
  });

  it("leaves out what is missing at the end, and writes nil for it elsewhere", () => {
    const list = (sent: Message): unknown => msgpackr.unpack(binary.encode(sent) as Uint8Array);
    expect(list({ type: "open", document: "d", client: "c" })).toEqual([2, "d", "c"]);
    expect(list({ type: "open", document: "d", client: "c", version: 0 })).toEqual([2, "d", "c", 0]);
    expect(list({ type: "ping" })).toEqual([6]);
    const opened = {
      document: "d",
      version: 1,
      checksum: 2,
      sequence: 0,
      kind: "plain",
      title: "t",
      presence: [],
    } as const;
    expect(list({ type: "opened", ...opened, changes: [] })).toEqual([33, "d", 1, 2, 0, "plain", "t", null, [], []]);
  });

  it("brings back a null at the end as null, and a gap as absent", () => {
    // Found in review: "only looking" could not be said in MessagePack, and a gap came back as null.
    expect(roundTrip(binary, { type: "move", document: "d", cursor: null })).toStrictEqual({
      type: "move",
      document: "d",
      cursor: null,
    });
    expect(binary.decodeUp(msgpackr.pack([2, "d", "c", null]))).toStrictEqual({
      type: "open",
      document: "d",
      client: "c",
    });
  });

  it("ignores values behind the known ones: optional fields of later servers", () => {
    expect(binary.decodeUp(msgpackr.pack([3, "d", "later", { more: 1 }]))).toStrictEqual({
      type: "close",
      document: "d",
    });
  });
});

describe("tutti.v1+json", () => {
  it("ignores fields it does not know, on every level, and hands none of them on", () => {
    const frame = JSON.stringify({
      type: "move",
      document: "d",
      later: 1,
      cursor: { anchor: 1, head: 2, version: 3, freight: "x".repeat(1000) },
    });
    expect(json.decodeUp(frame)).toStrictEqual({
      type: "move",
      document: "d",
      cursor: { anchor: 1, head: 2, version: 3 },
    });
  });

  it("takes null for a field that may be left out", () => {
    expect(json.decodeUp('{"type":"open","document":"d","client":"c","version":null}')).toStrictEqual({
      type: "open",
      document: "d",
      client: "c",
    });
  });
});

describe("MessagePack", () => {
  const numbers = [
    0,
    1,
    127,
    128,
    255,
    256,
    65_535,
    65_536,
    2 ** 31,
    2 ** 32 - 1,
    2 ** 32,
    2 ** 52,
    Number.MAX_SAFE_INTEGER,
    -1,
    -32,
    -33,
    -128,
    -129,
    -32_768,
    -32_769,
    -(2 ** 31),
    -(2 ** 31) - 1,
    Number.MIN_SAFE_INTEGER,
    0.5,
    -1.25,
    1e300,
    5e-324,
  ];

  it("is read by another implementation, and reads what that one writes", () => {
    holds(message, (sent) => {
      const value = JSON.parse(JSON.stringify(sent).replaceAll("__proto__", "proto")) as unknown;
      expect(msgpackr.unpack(encodeMessagePack(value))).toEqual(value);
      expect(decodeMessagePack(msgpackr.pack(value))).toEqual(value);
    });
  });

  it("carries numbers of every size", () => {
    for (const value of numbers) {
      expect(decodeMessagePack(encodeMessagePack(value))).toBe(value);
      expect(decodeMessagePack(msgpackr.pack(value))).toBe(value);
    }
    expect(decodeMessagePack(Uint8Array.of(0xca, 0x3f, 0x80, 0, 0))).toBe(1);
  });

  it("carries text, lists and maps of every size class", () => {
    for (const size of [0, 1, 15, 16, 31, 32, 255, 256, 65_535, 65_536]) {
      const list = Array.from({ length: size }, (_, at) => at % 7);
      const map = Object.fromEntries(list.map((value, at) => [`k${at}`, value]));
      for (const value of ["é".repeat(size), "x".repeat(size), list, map]) {
        expect(decodeMessagePack(encodeMessagePack(value))).toEqual(value);
        expect(decodeMessagePack(msgpackr.pack(value))).toEqual(value);
      }
    }
  });

  it("reads a view into a larger buffer", () => {
    const frame = encodeMessagePack(["a", 1.5]);
    const around = new Uint8Array(frame.length + 20).fill(0xc1);
    around.set(frame, 7);
    expect(decodeMessagePack(around.subarray(7, 7 + frame.length))).toEqual(["a", 1.5]);
  });
});

/** JSON with sorted keys, own "__proto__" included. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
