import { readFileSync } from "node:fs";
import { concurrentOperations } from "@tutti/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { packOperations } from "../../src/storage/packed-segment.js";
import { packSegment, unpackSegment } from "../../src/storage/segment-format.js";
import { SEGMENT_CHECKSUM_INTERVAL, type StoredOperation, StoreError } from "../../src/storage/store.js";
import { typed } from "./fixtures.js";

const name = fc.constantFrom("ada", "bob", "", "tab-1", "漢🍵", "a\nb", "\u0000");
const time = fc.oneof(
  fc.integer({ min: 0, max: 2_000_000_000_000 }),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
);
const operation = fc.oneof(
  concurrentOperations(1).map(([, [only]]) => only ?? []),
  // What the engine only carries along (E10), and edits inside of embeds.
  fc.constant([{ retain: 3 }, { retain: 1, change: { table: { rows: [1] } }, attributes: { bold: null } }]),
  fc.constant([{ retain: 2, skipped: { component: { future: [1], length: 5 }, from: 1 } }]),
);
const stored = fc.record({
  client: name,
  user: name,
  sequence: fc.integer({ min: 1, max: 2 ** 40 }),
  time,
  operation,
  checksum: fc.integer({ min: 0, max: 2 ** 52 - 1 }),
});
const first = fc.constantFrom(1, 7, 490, 999_999);
const logs: fc.Arbitrary<readonly StoredOperation[]> = fc
  .tuple(first, fc.array(stored, { minLength: 1, maxLength: 30 }))
  .map(([start, rows]) => rows.map((row, index) => ({ ...row, version: start + index })));

/** As they come out: with few checksums. */
const expected = (log: readonly StoredOperation[]): readonly StoredOperation[] =>
  log.map(({ checksum, ...rest }, index) => {
    const kept = index === log.length - 1 || rest.version % SEGMENT_CHECKSUM_INTERVAL === 0;
    return kept ? { ...rest, checksum } : rest;
  });

const codeOf = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error instanceof StoreError ? error.code : error;
  }
};

describe("a segment", () => {
  test("gives back every operation, author and time", () => {
    fc.assert(
      fc.property(logs, (log) => {
        expect(unpackSegment(packSegment(log), "it")).toEqual(expected(log));
      }),
    );
  });

  test("with any bit flipped is damaged, and so is any part of it", () => {
    const bytes = packSegment(Array.from({ length: 40 }, (_, index) => typed(index + 1)));
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Uint8Array.from(bytes);
      changed[bit >>> 3] = (changed[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
      expect(codeOf(() => unpackSegment(changed, "it"))).toBe("damaged");
    }
    for (let length = 0; length < bytes.length; length += 1) {
      expect(codeOf(() => unpackSegment(bytes.subarray(0, length), "it"))).toBe("damaged");
    }
  });

  test("of operations with a gap, or without the checksum of the last, is not made", () => {
    const { checksum, ...bare } = typed(2);
    expect(checksum).toBeGreaterThan(0);
    for (const log of [[], [typed(1), typed(3)], [typed(2), typed(1)], [typed(1), bare]]) {
      expect(codeOf(() => packSegment(log))).toBe("damaged");
    }
  });

  test("is not made of what it can't give back", () => {
    expect(codeOf(() => packOperations([typed(1, { sequence: Number.MAX_SAFE_INTEGER })]))).toBe("damaged");
    expect(codeOf(() => packOperations([typed(1, { time: Number.NaN })]))).toBe("damaged");
  });

  test("tells its range and its times", () => {
    const { info } = packOperations([typed(5, { time: 9000 }), typed(6, { time: 7000 }), typed(7, { time: 8000 })]);
    expect(info).toMatchObject({ first: 5, last: 7, earliest: 7000, latest: 9000 });
  });

  test("of 10,000 keystrokes takes less than three bytes each", () => {
    const log = Array.from({ length: 10_000 }, (_, index) => ({
      ...typed(1),
      version: index + 1,
      sequence: index + 1,
      time: 1_700_000_000_000 + index * 150 + ((index * 7919) % 97),
      operation: [{ retain: 500 + index }, { insert: "etaoin shrdlu"[(index * index) % 13] ?? "e" }],
    }));
    expect(packSegment(log).length).toBeLessThan(30_000);
  });

  test("that an earlier release wrote is read (D3)", () => {
    const bytes = readFileSync(new URL("./segment-format-1.bin", import.meta.url));
    expect(unpackSegment(bytes, "it")).toEqual(expected(FORMAT_1));
    expect(bytes[0]).toBe(1);
  });
});

/** What `segment-format-1.bin` holds; the file is never written again. */
const FORMAT_1: readonly StoredOperation[] = [
  typed(1),
  typed(2, { time: 2002.5, user: "bob", client: "tab-2", sequence: 1 }),
  typed(3, {
    operation: [
      { insert: "é🍵", attributes: { bold: true }, continues: true },
      { insert: { image: { src: "x" } } },
      { retain: 2, attributes: { bold: null } },
      { delete: 1 },
    ],
  }),
];
