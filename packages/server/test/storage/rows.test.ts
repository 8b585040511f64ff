import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  fromDocumentRow,
  fromOperationRow,
  fromSnapshotRow,
  toDocumentRow,
  toOperationRow,
  toSnapshotRow,
} from "../../src/storage/rows.js";
import { record, snapshotAt, typed } from "./fixtures.js";

const keeping = record("a", { identicalInserts: "keep" });
const ROWS = [
  ["document", toDocumentRow({ record: record("a"), epoch: 3, version: 7, packed: 0 }), fromDocumentRow],
  [
    "document that keeps equal inserts",
    toDocumentRow({ record: keeping, epoch: 3, version: 7, packed: 0 }),
    fromDocumentRow,
  ],
  [
    "moderated document",
    toDocumentRow({ record: record("a", { moderated: true }), epoch: 3, version: 7, packed: 0 }),
    fromDocumentRow,
  ],
  ["operation", toOperationRow("a", typed(7)), fromOperationRow],
  ["snapshot", toSnapshotRow("a", snapshotAt(7)), fromSnapshotRow],
] as const;

describe.each(ROWS)("a row of a %s", (_, row, read) => {
  const readAny = read as (row: object) => unknown;

  test("reads as it is", () => {
    expect(() => readAny(row)).not.toThrow();
  });

  test.each(Object.keys(row))("is damaged when another value stands in %s", (column) => {
    const value: unknown = Reflect.get(row, column);
    const other = typeof value === "number" ? value + 1 : value instanceof Uint8Array ? value.subarray(1) : `${value}x`;
    expect(() => readAny({ ...row, [column]: other })).toThrow("not as it was written");
  });

  // Found by flipping bits of a database file: a text came back as a Buffer, whose characters are the same.
  test.each(Object.keys(row))("is damaged when %s has the same characters in another type", (column) => {
    const value: unknown = Reflect.get(row, column);
    const other =
      value instanceof Uint8Array
        ? Buffer.from(value).toString()
        : typeof value === "string"
          ? Buffer.from(value)
          : `${value}`;
    expect(() => readAny({ ...row, [column]: other })).toThrow("not as it was written");
  });
});

test.each(["keep", "merge", "", "x"])("whichever setting for equal inserts became %j is found out", (found) => {
  for (const identicalInserts of ["merge", "keep"] as const) {
    const row = toDocumentRow({ record: record("a", { identicalInserts }), epoch: 3, version: 7, packed: 0 });
    const read = () => fromDocumentRow({ ...row, identical_inserts: found });
    if (found === identicalInserts) expect(read().record.identicalInserts).toBe(found);
    else expect(read).toThrow("not as it was written");
  }
});

test("no flipped bit of an operation or a snapshot passes", () => {
  const rows = [
    { row: toOperationRow("a", typed(40)), column: "operation", read: fromOperationRow },
    { row: toSnapshotRow("a", snapshotAt(40)), column: "content", read: fromSnapshotRow },
  ];
  const property = fc.property(fc.constantFrom(...rows), fc.nat(), fc.nat(7), ({ row, column, read }, at, bit) => {
    const bytes = Uint8Array.from(Reflect.get(row, column) as Uint8Array);
    const offset = at % bytes.length;
    bytes[offset] = (bytes[offset] ?? 0) ^ (1 << bit);
    expect(() => (read as (row: object) => unknown)({ ...row, [column]: bytes })).toThrow("not as it was written");
  });
  fc.assert(property, { numRuns: 500 });
});
