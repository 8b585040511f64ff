import { crc32 } from "node:zlib";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { toClientRow } from "../../src/storage/client-rows.js";
import { MIGRATIONS, migrate } from "../../src/storage/migrations.js";
import { packOperations } from "../../src/storage/packed-segment.js";
import { toDocumentRow, toOperationRow } from "../../src/storage/rows.js";
import { toSegmentRow } from "../../src/storage/segment-rows.js";
import { encodeSnapshot } from "../../src/storage/snapshot-format.js";
import { SqliteDatabase } from "../../src/storage/sqlite-database.js";
import type { StoredOperation } from "../../src/storage/store.js";
import { record, snapshotAt, typed, typing } from "./fixtures.js";

const ALL = Number.POSITIVE_INFINITY;
const VERSIONS = 20;
/** From schema 3 on, operations can be packed. */
const PACKED = 8;

/** Of three people; the third one wrote nothing that is not packed. */
const written = (version: number) => typed(version, { client: version === 5 ? "tab-3" : `tab-${1 + (version % 2)}` });
const LOG = Array.from({ length: VERSIONS }, (_, index) => written(index + 1));

/** A database as the release with `schema` left it, with a document, its log and a snapshot. */
function databaseOf(schema: number): Database.Database {
  const connection = new Database(":memory:");
  connection.pragma("foreign_keys = ON");
  migrate(connection, MIGRATIONS.slice(0, schema));
  const identicalInserts = schema >= 2 ? "keep" : "merge";
  const packed = schema >= 3 ? PACKED : 0;
  const state = { record: record("a", { identicalInserts, updatedAt: 2000 + VERSIONS }), epoch: 1, version: VERSIONS };
  insert(connection, "documents", toDocumentRow({ ...state, packed }));
  for (const operation of LOG.slice(packed)) insert(connection, "operations", toOperationRow("a", operation));
  if (packed > 0) insertSegment(connection);
  // From schema 4 on, every client has its row, packed or not.
  if (schema >= 3)
    insertClients(connection, schema === 3 ? "packed_clients" : "clients", schema === 3 ? PACKED : VERSIONS);
  insert(connection, "snapshots", schemaOneSnapshot(10));
  return connection;
}

function insertSegment(connection: Database.Database): void {
  insert(connection, "segments", toSegmentRow("a", packOperations(LOG.slice(0, PACKED))));
}

/** Where each client was at a version. */
function insertClients(connection: Database.Database, table: string, version: number): void {
  for (const [client, newest] of new Map(LOG.slice(0, version).map((each) => [each.client, each]))) {
    insert(connection, table, toClientRow("a", client, newest));
  }
}

/** Before schema 3 a snapshot had no time, and its checksum was over these fields alone. */
function schemaOneSnapshot(version: number): object {
  const { checksum } = snapshotAt(version);
  const content = encodeSnapshot(snapshotAt(version));
  let text = "object ";
  for (const field of ["a", version, checksum]) text += `${typeof field} ${String(field).length}:${field}`;
  return { document: "a", version, checksum, content, row_checksum: crc32(content, crc32(text)) };
}

/** Those columns that the table has by now. */
function insert(connection: Database.Database, table: string, row: object): void {
  const columns = connection.pragma(`table_info(${table})`) as readonly { readonly name: string }[];
  const names = columns.map(({ name }) => name).filter((name) => name in row);
  connection
    .prepare(`INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map((name) => `@${name}`).join(", ")})`)
    .run(row);
}

/** Without the checksums that a segment does not keep. */
const withoutChecksums = (log: readonly StoredOperation[]) => log.map(({ checksum, ...rest }) => rest);

const NEWEST = [
  ["tab-1", 20],
  ["tab-2", 19],
  ["tab-3", 5],
] as const;

describe.each([1, 2, 3, 4])("a database of schema %i", (schema) => {
  test("is read as it was written, and goes on (D2, D3)", () => {
    const connection = databaseOf(schema);
    migrate(connection);
    const database = new SqliteDatabase(connection);
    expect(database.document("a")).toMatchObject({ title: "Notes", identicalInserts: schema >= 2 ? "keep" : "merge" });
    expect([database.documents(10).length, database.documentCount("ada")]).toEqual([1, 1]);
    const packed = schema >= 3 ? PACKED : 0;
    expect(withoutChecksums(database.operations("a", 0, ALL, ALL))).toEqual(withoutChecksums(LOG));
    expect(database.operations("a", packed, ALL, ALL)).toEqual(LOG.slice(packed));
    expect(database.snapshot("a", ALL)).toEqual({ ...snapshotAt(10), time: 0 });
    expect(database.append([typing("a", 1, VERSIONS + 1)])).toEqual(["stored"]);
    database.saveSnapshot("a", snapshotAt(10));
    expect(database.snapshot("a", ALL)).toEqual(snapshotAt(10));
    const segment = database.packOperations("a", 15);
    if (segment !== undefined) database.writeSegment("a", segment);
    expect(database.segments("a").at(-1)).toMatchObject({ last: 15 });
    expect(database.operations("a", 0, ALL, ALL)).toHaveLength(VERSIONS + 1);
    expect(database.clientPosition("a", "tab-1")).toMatchObject({ sequence: VERSIONS + 1 });
    expect(connection.pragma("foreign_key_check")).toEqual([]);
    expect(connection.pragma("integrity_check", { simple: true })).toBe("ok");
    expect(database.trashDocument("a", "ada", 1)).toBe(true);
    expect(database.purgeDocument("a")).toBe(true);
    database.close();
  });

  test("knows where each client is, and stores nothing twice (S2)", () => {
    const connection = databaseOf(schema);
    migrate(connection);
    const database = new SqliteDatabase(connection);
    for (const [client, sequence] of NEWEST) {
      expect(database.clientPosition("a", client)).toEqual({ sequence, version: sequence, user: "ada" });
      const again = { ...typed(VERSIONS + 1), client, sequence };
      expect(database.append([{ document: "a", epoch: 1, operations: [again] }])).toEqual(["conflict"]);
    }
    database.close();
  });

  test("is covered here: every schema but the newest", () => {
    expect(schema).toBeLessThan(MIGRATIONS.length);
    expect(MIGRATIONS).toHaveLength(5);
  });
});

/** Later ones have a row per client, which does not follow from operations. */
describe.each([1, 2, 3])("a damaged database of schema %i", (schema) => {
  test("keeps its damage: what is not as it was written does not become the truth (4, S2)", () => {
    const connection = databaseOf(schema);
    connection.exec("UPDATE operations SET sequence = 0 WHERE version = 20");
    migrate(connection);
    const database = new SqliteDatabase(connection);
    expect(() => database.operations("a", 19, 20, 1)).toThrow(/operation 20/);
    expect(() => database.clientPosition("a", "tab-1")).toThrow(/position of client tab-1/);
    const again = { document: "a", epoch: 1, operations: [typed(VERSIONS + 1, { sequence: VERSIONS })] };
    expect(() => database.append([again])).toThrow(/position of client tab-1/);
    expect(database.clientPosition("a", "tab-2")).toMatchObject({ sequence: 19 });
    database.close();
  });
});
