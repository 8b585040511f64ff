import { afterAll, beforeAll, expect, test } from "vitest";
import { MIGRATIONS } from "../../src/storage/migrations.js";
import { Connections } from "../../src/storage/postgres-connections.js";
import { type MigrationStep, migratePostgres, POSTGRES_MIGRATIONS } from "../../src/storage/postgres-migrations.js";
import { PostgresStore } from "../../src/storage/postgres-store.js";
import { expectCode } from "./contract-given.js";
import { record, typed, typing } from "./fixtures.js";
import { type PostgresServer, startPostgres } from "./postgres-server.js";

/** The built worker: a thread can't run TypeScript. `npx tsc -b packages/server` makes it. */
const WORKER = new URL("../../dist/storage/postgres-packing-worker.js", import.meta.url);

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.remove());

async function migrate(url: string, steps: readonly MigrationStep[] = POSTGRES_MIGRATIONS): Promise<void> {
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

/** The rows of a table, as far as an earlier schema has their columns. */
async function copyRows(from: string, to: string, table: string, where = "true"): Promise<void> {
  const text = "SELECT column_name AS name FROM information_schema.columns WHERE table_name = $1";
  const columns = (await server.run(to, text, [table])).map(({ name }) => `"${name}"`);
  const values = columns.map((_, index) => `$${index + 1}`).join(", ");
  for (const row of await server.run(from, `SELECT ${columns.join(", ")} FROM ${table} WHERE ${where}`)) {
    await server.run(to, `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${values})`, Object.values(row));
  }
}

async function copyClients(from: string, to: string, table: string): Promise<void> {
  const rows = await server.run(from, `SELECT document, client, sequence, version, "user", row_checksum FROM clients`);
  const text = `INSERT INTO ${table} VALUES ($1, $2, $3, $4, $5, $6)`;
  for (const row of rows) await server.run(to, text, Object.values(row));
}

/** A database as the release with `schema` left it: versions 1 to 3 are packed where that was possible. */
async function databaseOf(schema: number): Promise<string> {
  const [newest, earlier] = [await server.createDatabase(), await server.createDatabase()];
  await migrate(earlier, POSTGRES_MIGRATIONS.slice(0, schema));
  const store = await PostgresStore.open({ url: newest, worker: WORKER });
  await store.createDocument(record("a"));
  await store.claim("a");
  await store.append([{ document: "a", epoch: 1, operations: [1, 2, 3].map(written) }]);
  if (schema >= 3) {
    await store.compact("a", 3);
    await copyRows(newest, earlier, "segments");
  }
  if (schema === 3) await copyClients(newest, earlier, "packed_clients");
  await store.append([{ document: "a", epoch: 1, operations: [4, 5].map(written) }]);
  await store.close();
  if (schema > 3) await copyClients(newest, earlier, "clients");
  for (const table of ["documents", "operations"]) await copyRows(newest, earlier, table);
  return earlier;
}

/** Of two people, one of whom wrote nothing after version 3. */
const written = (version: number) => typed(version, { client: version === 2 ? "tab-2\\" : "tab-1" });

test.each([1, 2, 3, 4])(
  "what schema %i wrote is read, nothing is stored twice, and it goes on (D3, S2)",
  async (schema) => {
    const store = await PostgresStore.open({ url: await databaseOf(schema), worker: WORKER });
    expect(await store.document("a")).toEqual(record("a", { updatedAt: 2005 }));
    expect(await store.documentCount("ada")).toBe(1);
    const packed = schema >= 3 ? 3 : 0;
    expect(await store.operations("a", packed, 5, 5)).toEqual([1, 2, 3, 4, 5].slice(packed).map(written));
    expect((await store.operations("a", 0, 5, 5)).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    expect(await store.clientPosition("a", "tab-1")).toEqual({ sequence: 5, version: 5, user: "ada" });
    expect(await store.clientPosition("a", "tab-2\\")).toEqual({ sequence: 2, version: 2, user: "ada" });
    for (const [client, sequence] of [
      ["tab-1", 5],
      ["tab-2\\", 2],
    ] as const) {
      const again = typed(6, { client, sequence });
      expect(await store.append([{ document: "a", epoch: 1, operations: [again] }])).toEqual(["conflict"]);
    }
    expect(await store.append([typing("a", 1, 6)])).toEqual(["stored"]);
    expect(await store.compact("a", 6)).toMatchObject({ last: 6 });
    await store.trashDocument("a", "ada", 1);
    expect(await store.purgeDocument("a")).toBe(true);
    await store.close();
  },
);

test("damage stays damage: the position of a client does not come from a damaged operation (4)", async () => {
  const url = await databaseOf(3);
  await server.run(url, "UPDATE operations SET sequence = 0 WHERE version = 5");
  const store = await PostgresStore.open({ url });
  await expectCode(store.clientPosition("a", "tab-1"), "damaged");
  await expectCode(store.append([typing("a", 1, 6)]), "damaged");
  expect(await store.clientPosition("a", "tab-2\\")).toMatchObject({ sequence: 2 });
  await store.close();
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
