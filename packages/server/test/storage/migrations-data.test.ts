import { crc32 } from "node:zlib";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { MIGRATIONS, migrate } from "../../src/storage/migrations.js";
import { encodeSnapshot } from "../../src/storage/snapshot-format.js";
import { SqliteDatabase } from "../../src/storage/sqlite-database.js";
import { toDocumentRow, toOperationRow } from "../../src/storage/sqlite-rows.js";
import { record, snapshotAt, typed, typing } from "./fixtures.js";

const ALL = Number.POSITIVE_INFINITY;
const VERSIONS = 20;

/** A database as the release with `schema` left it, with a document, its log and a snapshot. */
function databaseOf(schema: number): Database.Database {
  const connection = new Database(":memory:");
  migrate(connection, MIGRATIONS.slice(0, schema));
  const identicalInserts = schema >= 2 ? "keep" : "merge";
  const state = { record: record("a", { identicalInserts, updatedAt: 2000 + VERSIONS }), epoch: 1, version: VERSIONS };
  insert(connection, "documents", toDocumentRow({ ...state, packed: 0 }));
  for (let version = 1; version <= VERSIONS; version += 1) {
    insert(connection, "operations", toOperationRow("a", typed(version)));
  }
  insert(connection, "snapshots", schemaOneSnapshot(10));
  return connection;
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

describe.each([1, 2])("a database of schema %i", (schema) => {
  test("is read as it was written, and goes on (D2, D3)", () => {
    const connection = databaseOf(schema);
    migrate(connection);
    const database = new SqliteDatabase(connection);
    expect(database.document("a")).toMatchObject({ title: "Notes", identicalInserts: schema >= 2 ? "keep" : "merge" });
    expect(database.documents(10)).toHaveLength(1);
    expect(database.operations("a", 0, ALL, ALL)).toEqual(
      Array.from({ length: VERSIONS }, (_, index) => typed(index + 1)),
    );
    expect(database.snapshot("a", ALL)).toEqual({ ...snapshotAt(10), time: 0 });
    expect(database.append([typing("a", 1, VERSIONS + 1)])).toEqual(["stored"]);
    database.saveSnapshot("a", snapshotAt(10));
    expect(database.snapshot("a", ALL)).toEqual(snapshotAt(10));
    const packed = database.packOperations("a", 15);
    if (packed !== undefined) database.writeSegment("a", packed);
    expect(database.segments("a")).toHaveLength(1);
    expect(database.operations("a", 0, ALL, ALL)).toHaveLength(VERSIONS + 1);
    expect(database.clientPosition("a", "tab-1")).toMatchObject({ sequence: VERSIONS + 1 });
    expect(database.trashDocument("a", "ada", 1)).toBe(true);
    expect(database.purgeDocument("a")).toBe(true);
    database.close();
  });

  test("is covered here: every schema but the newest", () => {
    expect(schema).toBeLessThan(MIGRATIONS.length);
    expect(MIGRATIONS).toHaveLength(3);
  });
});
