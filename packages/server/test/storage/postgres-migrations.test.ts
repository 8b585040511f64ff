import { afterAll, beforeAll, expect, test } from "vitest";
import { MIGRATIONS } from "../../src/storage/migrations.js";
import { Connections } from "../../src/storage/postgres-connections.js";
import { migratePostgres, POSTGRES_MIGRATIONS } from "../../src/storage/postgres-migrations.js";
import { PostgresStore } from "../../src/storage/postgres-store.js";
import { expectCode } from "./contract-given.js";
import { record, typed, typing } from "./fixtures.js";
import { type PostgresServer, startPostgres } from "./postgres-server.js";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.remove());

async function migrate(url: string, steps: readonly string[] = POSTGRES_MIGRATIONS): Promise<void> {
  const connections = new Connections({ url }, 1);
  await connections.transaction((session) => migratePostgres(session, steps)).finally(() => connections.close());
}

/** Everything that statements can rely on: tables, columns with types and defaults, indexes. */
function schemaOf(url: string): Promise<readonly unknown[]> {
  return server.run(
    url,
    `SELECT table_name AS of, column_name AS name, data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '')
        || ' ' || coalesce(collation_name, '') AS what
      FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    ORDER BY 1, 2`,
  );
}

const versionOf = async (url: string): Promise<unknown> =>
  (await server.run(url, "SELECT version::int FROM tutti_schema"))[0]?.["version"];

test("one history: as many steps as SQLite has, with the same tables and columns", async () => {
  expect(POSTGRES_MIGRATIONS).toHaveLength(MIGRATIONS.length);
  const { default: Database } = await import("better-sqlite3");
  const { migrate: migrateSqlite } = await import("../../src/storage/migrations.js");
  const sqlite = new Database(":memory:");
  for (let version = 1; version <= MIGRATIONS.length; version += 1) {
    const url = await server.createDatabase();
    await migrate(url, POSTGRES_MIGRATIONS.slice(0, version));
    migrateSqlite(sqlite, MIGRATIONS.slice(0, version));
    const columns = await server.run(
      url,
      `SELECT relname AS table, attname AS column FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND attnum > 0
          AND relname <> 'tutti_schema' ORDER BY relname COLLATE "C", attname COLLATE "C"`,
    );
    const text = `SELECT t.name AS "table", c.name AS "column" FROM sqlite_schema t, pragma_table_info(t.name) c
      WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.name`;
    expect(columns).toEqual(sqlite.prepare(text).all());
  }
});

test("every earlier schema is brought to the same newest one (D3)", async () => {
  const fresh = await server.createDatabase();
  await migrate(fresh);
  const newest = await schemaOf(fresh);
  expect(newest.length).toBeGreaterThan(50);
  for (let version = 0; version < POSTGRES_MIGRATIONS.length; version += 1) {
    const earlier = await server.createDatabase();
    if (version > 0) await migrate(earlier, POSTGRES_MIGRATIONS.slice(0, version));
    await migrate(earlier);
    expect(await versionOf(earlier)).toBe(POSTGRES_MIGRATIONS.length);
    expect(await schemaOf(earlier)).toEqual(newest);
  }
});

test("a row that schema 1 wrote is read", async () => {
  const url = await server.createDatabase();
  await migrate(url);
  const store = await PostgresStore.open({ url });
  await store.createDocument(record("a"));
  await store.claim("a");
  await store.append([typing("a", 1, 1, 3)]);
  await store.close();
  const earlier = await server.createDatabase();
  await migrate(earlier, POSTGRES_MIGRATIONS.slice(0, 1));
  for (const table of ["documents", "operations"]) {
    const columns = (
      await server.run(earlier, "SELECT column_name AS name FROM information_schema.columns WHERE table_name = $1", [
        table,
      ])
    ).map(({ name }) => `"${name}"`);
    const rows = await server.run(url, `SELECT ${columns.join(", ")} FROM ${table}`);
    const values = columns.map((_, index) => `$${index + 1}`).join(", ");
    for (const row of rows) {
      await server.run(earlier, `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${values})`, Object.values(row));
    }
  }
  const reopened = await PostgresStore.open({ url: earlier });
  expect(await reopened.document("a")).toEqual(record("a", { updatedAt: 2003 }));
  expect(await reopened.operations("a", 0, 3, 3)).toEqual([typed(1), typed(2), typed(3)]);
  expect(await reopened.append([typing("a", 1, 4)])).toEqual(["stored"]);
  await reopened.close();
});

test("a step that fails takes those before it back", async () => {
  const url = await server.createDatabase();
  await expectCode(migrate(url, ["CREATE TABLE a (x int)", "nonsense"]), "unavailable");
  expect(await schemaOf(url)).toEqual([]);
  await migrate(url, ["CREATE TABLE a (x int)"]);
  expect(await versionOf(url)).toBe(1);
});

test("servers that start at once take turns", async () => {
  const url = await server.createDatabase();
  const stores = await Promise.all([1, 2, 3, 4].map(() => PostgresStore.open({ url })));
  await Promise.all(stores.map((store) => store.close()));
  expect(await versionOf(url)).toBe(POSTGRES_MIGRATIONS.length);
});

test("a database of a newer release is refused and stays untouched", async () => {
  const url = await server.createDatabase();
  await migrate(url);
  await server.run(url, "UPDATE tutti_schema SET version = version + 1");
  await expectCode(PostgresStore.open({ url }), "unsupported_version");
  expect(await versionOf(url)).toBe(POSTGRES_MIGRATIONS.length + 1);
});

test("an account that may not change the schema can work with a current one", async () => {
  const url = await server.createDatabase();
  await migrate(url);
  await server.run(
    url,
    `CREATE ROLE worker LOGIN PASSWORD 'worker';
     GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO worker`,
  );
  const store = await PostgresStore.open({ url: url.replace("tutti:tutti", "worker:worker") });
  await store.createDocument(record("a"));
  expect(await store.claim("a")).toBe(1);
  expect(await store.append([typing("a", 1, 1)])).toEqual(["stored"]);
  await store.close();
});
