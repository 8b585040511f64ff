import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { MIGRATIONS, migrate } from "../../src/storage/migrations.js";
import { SqliteDatabase } from "../../src/storage/sqlite-database.js";
import { StoreError } from "../../src/storage/store.js";
import { record, typing } from "./fixtures.js";

const schemaOf = (database: Database.Database): unknown[] =>
  database.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").all();
const versionOf = (database: Database.Database): unknown => database.pragma("user_version", { simple: true });

test("every earlier schema is brought to the same newest one (D3)", () => {
  const fresh = new Database(":memory:");
  migrate(fresh);
  for (let version = 0; version <= MIGRATIONS.length; version += 1) {
    const earlier = new Database(":memory:");
    migrate(earlier, MIGRATIONS.slice(0, version));
    migrate(earlier);
    expect(versionOf(earlier)).toBe(MIGRATIONS.length);
    expect(schemaOf(earlier)).toEqual(schemaOf(fresh));
  }
});

test("documents of schema 1 are read as they were written, merge equal inserts, and can be edited (D3, E5)", () => {
  const database = new Database(":memory:");
  migrate(database, MIGRATIONS.slice(0, 1));
  // As the release with schema 1 wrote it, its row checksum included.
  database.exec("INSERT INTO documents VALUES ('a', 'Notes', 'rich', 'ada', 1000, 1000.5, 3, 0, 2544476928)");
  migrate(database);
  const store = new SqliteDatabase(database);
  expect(store.document("a")).toEqual(record("a", { updatedAt: 1000.5, identicalInserts: "merge" }));
  expect(store.append([typing("a", 3, 1, 2)])).toEqual(["stored"]);
  store.createDocument(record("b", { identicalInserts: "keep" }));
  expect([store.version("a"), store.document("b")?.identicalInserts]).toEqual([2, "keep"]);
});

test("steps run once, in order, and only those that are missing", () => {
  const database = new Database(":memory:");
  migrate(database, ["CREATE TABLE a (x)"]);
  migrate(database, ["CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y", "CREATE INDEX b ON a (y)"]);
  expect(versionOf(database)).toBe(3);
  expect(schemaOf(database)).toHaveLength(2);
});

test("a step that fails takes those before it back", () => {
  const database = new Database(":memory:");
  expect(() => migrate(database, ["CREATE TABLE a (x)", "nonsense"])).toThrow();
  expect([versionOf(database), schemaOf(database)]).toEqual([0, []]);
});

test("a newer schema is refused", () => {
  const database = new Database(":memory:");
  database.pragma("user_version = 7");
  expect(() => migrate(database)).toThrow(StoreError);
  expect(() => migrate(database)).toThrow("schema 7");
});
