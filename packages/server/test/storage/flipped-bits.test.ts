import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openConnection } from "../../src/storage/sqlite-connection.js";
import { SqliteDatabase } from "../../src/storage/sqlite-database.js";
import { toStoreError } from "../../src/storage/sqlite-errors.js";
import { record, snapshotAt, typing } from "./fixtures.js";
import { temporaryFolder } from "./temporary-store.js";

const ALL = Number.POSITIVE_INFINITY;
const VERSIONS = 120;

interface Loaded {
  readonly record: unknown;
  readonly version: number;
  readonly log: unknown;
  readonly snapshot: unknown;
  readonly position: unknown;
}

/** Everything that opening the document reads; or the code of the error. */
function load(file: string): Loaded | string {
  try {
    const database = new SqliteDatabase(openConnection({ file }));
    try {
      const version = database.version("a");
      const log = database.operations("a", 0, version, ALL);
      const position = database.clientPosition("a", "tab-1");
      return { record: database.document("a"), version, log, snapshot: database.snapshot("a", ALL), position };
    } finally {
      database.close();
    }
  } catch (error) {
    return toStoreError(error).code;
  }
}

/**
 * A flip in SQLite's own pages (an index, the name of a row) can hide a whole document, a snapshot or a client. It must not show
 * a part of one.
 */
function expectTruth(found: Loaded, written: Loaded): void {
  if (found.record === undefined) expect(found).toMatchObject({ version: 0, log: [] });
  else expect({ ...found, snapshot: written.snapshot, position: written.position }).toEqual(written);
  if (found.snapshot !== undefined) expect(found.snapshot).toEqual(written.snapshot);
  if (found.position !== undefined) expect(found.position).toEqual(written.position);
}

/** The bytes of a closed database with one document. */
function writtenDatabase(file: string): Buffer {
  const database = new SqliteDatabase(openConnection({ file }));
  database.createDocument(record("a"));
  database.claim("a");
  database.append([typing("a", 1, 1, VERSIONS)]);
  database.saveSnapshot("a", snapshotAt(VERSIONS));
  const packed = database.packOperations("a", VERSIONS / 2);
  if (packed !== undefined) database.writeSegment("a", packed);
  database.close();
  return readFileSync(file);
}

test("whichever bit of the file flips, what is read is what was written, or an error (4)", () => {
  const folder = temporaryFolder();
  mkdirSync(dirname(folder.file), { recursive: true });
  const original = writtenDatabase(folder.file);
  const written = load(folder.file);
  if (typeof written === "string") throw new Error(written);
  let damaged = 0;
  const property = fc.property(fc.nat(original.length - 1), fc.nat(7), (offset, bit) => {
    const changed = Buffer.from(original);
    changed.writeUInt8(changed.readUInt8(offset) ^ (1 << bit), offset);
    writeFileSync(folder.file, changed);
    const found = load(folder.file);
    if (typeof found !== "string") expectTruth(found, written);
    else if (found === "damaged") damaged += 1;
  });
  fc.assert(property, { numRuns: 600 });
  folder.remove();
  // The test would be hollow if no flip had hit a row.
  expect(damaged).toBeGreaterThan(50);
});
