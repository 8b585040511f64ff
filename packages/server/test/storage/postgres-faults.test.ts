import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Connections } from "../../src/storage/postgres-connections.js";
import { PostgresStore, type PostgresStoreSettings } from "../../src/storage/postgres-store.js";
import { type AppendOutcome, StoreError } from "../../src/storage/store.js";
import { expectCode } from "./contract-given.js";
import { record, typed, typing } from "./fixtures.js";
import { startFlakyProxy } from "./postgres-proxy.js";
import { emptyStore, type PostgresServer, startPostgres } from "./postgres-server.js";

const ALL = Number.POSITIVE_INFINITY;
let server: PostgresServer;
let url: string;
const stores: PostgresStore[] = [];

beforeAll(async () => {
  server = await startPostgres();
  url = await server.createDatabase();
  await (await PostgresStore.open({ url })).close();
});
afterAll(() => server.remove());
beforeEach(() => emptyStore(server, url));
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
});

async function open(settings: Partial<PostgresStoreSettings> = {}): Promise<PostgresStore> {
  const store = await PostgresStore.open({ url, ...settings });
  stores.push(store);
  return store;
}

async function withDocuments(store: PostgresStore, count: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, (_, index) => `document-${index}`);
  await Promise.all(ids.map((id) => store.createDocument(record(id)).then(() => store.claim(id))));
  return ids;
}

/** Somebody else's open transaction. */
async function lock(statement: string): Promise<{ release(): Promise<void> }> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query("BEGIN");
  await client.query(statement);
  return {
    async release() {
      await client.query("ROLLBACK");
      await client.end();
    },
  };
}

const lockDocument = (id: string): ReturnType<typeof lock> =>
  lock(`SELECT 1 FROM documents WHERE id = '${id}' FOR UPDATE`);

/** The process of PostgreSQL that waits for a lock, once there is one. */
async function waitingBackend(): Promise<number> {
  const text = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'tutti'";
  for (;;) {
    const [row] = await server.run(url, text);
    if (row !== undefined) return Number(row["pid"]);
  }
}

const transactions = async (): Promise<number> =>
  Number((await server.run(url, "SELECT pg_current_xact_id()::text AS id"))[0]?.["id"]);

describe("group commit (S5)", () => {
  test("a hundred documents that append at once are one transaction", async () => {
    const store = await open();
    const ids = await withDocuments(store, 100);
    const before = await transactions();
    const outcomes = await Promise.all(ids.map((id) => store.append([typing(id, 1, 1)])));
    expect(outcomes.flat()).toEqual(ids.map(() => "stored"));
    expect((await transactions()) - before).toBe(2); // The question itself is one.
    expect(store.stats()).toEqual({ commits: 1, appends: 100, queued: 0 });
  });

  test("one damaged document does not keep the others from being stored (5)", async () => {
    const first = await open();
    const ids = await withDocuments(first, 3);
    await server.run(url, "UPDATE documents SET title = 'Other' WHERE id = 'document-1'");
    const store = await open();
    const results = await Promise.allSettled(ids.map((id) => store.append([typing(id, 1, 1)])));
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await store.version("document-2")).toBe(1);
    await expectCode(store.document("document-1"), "damaged");
  });
});

describe("two owners (G2)", () => {
  test("of two that write under two epochs, only the newer one commits", async () => {
    const [old, young] = [await open(), await open()];
    await withDocuments(old, 1);
    const write = async (store: PostgresStore, epoch: number, client: string): Promise<AppendOutcome> => {
      for (let sequence = 1; sequence <= 200; sequence += 1) {
        const version = (await store.version("document-0")) + 1;
        const operations = [typed(version, { client, sequence })];
        const [outcome = "conflict"] = await store.append([{ document: "document-0", epoch, operations }]);
        if (outcome === "fenced") return outcome;
      }
      return "stored";
    };
    const first = write(old, 1, "old");
    const epoch = await young.claim("document-0");
    const [ofOld, ofYoung] = await Promise.all([first, write(young, epoch, "young")]);
    expect([ofOld, ofYoung]).toEqual(["fenced", "stored"]);
    const writers = (await young.operations("document-0", 0, ALL, ALL)).map(({ client }) => client);
    // Once the young one wrote, the old one did no more.
    expect(writers.slice(writers.indexOf("young"))).not.toContain("old");
    expect(writers.filter((client) => client === "young")).toHaveLength(200);
  });

  test("what another process did to a document is seen before anything is refused", async () => {
    const [here, there] = [await open(), await open()];
    await withDocuments(here, 1);
    expect(await here.append([typing("document-0", 1, 1)])).toEqual(["stored"]);
    expect(await there.append([typing("document-0", 1, 2)])).toEqual(["stored"]);
    await there.renameDocument("document-0", "Plans", 9000);
    expect(await here.append([typing("document-0", 1, 3)])).toEqual(["stored"]);
    expect(await here.document("document-0")).toEqual(record("document-0", { title: "Plans", updatedAt: 9000 }));
    const again = { document: "document-0", epoch: 1, operations: [typed(4, { sequence: 2 })] };
    expect(await here.append([again])).toEqual(["conflict"]);
  });
});

describe("errors that pass (6)", () => {
  test("a process of PostgreSQL that is killed in the middle of an append stores nothing of it", async () => {
    const store = await open();
    const ids = await withDocuments(store, 3);
    const held = await lockDocument("document-1");
    const calls = ids.map((id) => store.append([typing(id, 1, 1)]));
    const refused = Promise.all(calls.map((call) => expectCode(call, "unavailable")));
    await server.run(url, "SELECT pg_terminate_backend($1)", [await waitingBackend()]);
    await refused;
    await held.release();
    expect(await Promise.all(ids.map((id) => store.version(id)))).toEqual([0, 0, 0]);
    const again = await Promise.all(ids.map((id) => store.append([typing(id, 1, 1)])));
    expect(again.flat()).toEqual(["stored", "stored", "stored"]);
  });

  test("a statement that takes too long is unavailable, and stores nothing", async () => {
    const store = await open({ statementTimeout: 100 });
    await withDocuments(store, 1);
    const held = await lockDocument("document-0");
    await expectCode(store.append([typing("document-0", 1, 1)]), "unavailable");
    await held.release();
    expect(await store.version("document-0")).toBe(0);
    expect(await store.append([typing("document-0", 1, 1)])).toEqual(["stored"]);
  });

  test("when all connections are in use, others are told so, and appends go on", async () => {
    const store = await open({ poolSize: 1, connectTimeout: 100 });
    await withDocuments(store, 2);
    const held = await lockDocument("document-0");
    const slow = store.renameDocument("document-0", "Plans", 5);
    await waitingBackend();
    await expectCode(store.document("document-1"), "unavailable");
    expect(await store.append([typing("document-1", 1, 1)])).toEqual(["stored"]);
    await held.release();
    expect(await slow).toBe(true);
    expect((await store.document("document-1"))?.updatedAt).toBe(2001);
  });

  test("a connection that is lost after the commit, before the answer: rejected, and stored after all", async () => {
    const proxy = await startFlakyProxy(url);
    const store = await open({ url: proxy.url });
    await withDocuments(store, 1);
    proxy.loseNextAnswer("INSERT INTO operations");
    await expectCode(store.append([typing("document-0", 1, 1)]), "unavailable");
    // Nothing is doubled when the same is tried again.
    expect(await store.append([typing("document-0", 1, 1)])).toEqual(["conflict"]);
    expect(await store.operations("document-0", 0, ALL, ALL)).toEqual([typed(1)]);
    expect(await store.append([typing("document-0", 1, 2)])).toEqual(["stored"]);
    await store.close();
    await proxy.close();
  });

  test("PostgreSQL restarts and crashes under load: nothing acknowledged is lost or doubled, and we go on without a restart", async () => {
    const store = await open();
    const ids = await withDocuments(store, 10);
    const acknowledged = new Map(ids.map((id) => [id, 0]));
    let restarted = Promise.resolve();
    let failures = 0;
    const total = (): number => [...acknowledged.values()].reduce((sum, version) => sum + version);
    const write = async (id: string): Promise<void> => {
      for (let version = 1; version <= 120; ) {
        try {
          const [outcome] = await store.append([typing(id, 1, version)]);
          // "conflict": the one that was cut off was stored.
          if (outcome === "stored" || outcome === "conflict") acknowledged.set(id, version);
          else throw new Error(`version ${version} of ${id}: ${outcome}`);
          version += 1;
        } catch (error) {
          if (!(error instanceof StoreError && error.code === "unavailable")) throw error;
          failures += 1;
          await restarted;
        }
      }
    };
    const writing = Promise.all(ids.map(write));
    for (const restart of [() => server.stop().then(() => server.start()), () => server.crash()]) {
      const reached = total() + 100;
      while (total() < reached) await store.version("document-0").catch(() => 0);
      restarted = restart();
      await restarted;
    }
    await writing;
    expect(failures).toBeGreaterThan(0);
    for (const id of ids) {
      const log = await store.operations(id, 0, ALL, ALL);
      expect(log.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
    }
  });

  test("no server, or no access: unavailable, at opening too", async () => {
    await expectCode(open({ url: "postgres://tutti:tutti@127.0.0.1:1/tutti" }), "unavailable");
    await expectCode(open({ url: url.replace("tutti:tutti", "tutti:wrong") }), "unavailable");
  });
});

describe("opening and closing", () => {
  test("a database in another encoding is refused: not every text could be stored", async () => {
    await server.run(url, "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    await expect(open({ url: url.replace(/[^/]*$/, "latin") })).rejects.toThrow("must be in UTF8");
  });

  test("close lets every call that was made before end, those of several steps too", async () => {
    const store = await open();
    const [id = ""] = await withDocuments(store, 1);
    await store.append([typing(id, 1, 1, 3)]);
    const calls = [
      store.operations(id, 0, ALL, ALL),
      store.clientPosition(id, "tab-1"),
      store.renameDocument(id, "Plans", 1),
      store.append([typing(id, 1, 4)]),
    ];
    await store.close();
    const settled = await Promise.allSettled(calls);
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled", "fulfilled"]);
  });

  test("commits reach the disk where the database does not ask for it (S1)", async () => {
    const careless = await server.createDatabase();
    const name = new URL(careless).pathname.slice(1);
    await server.run(careless, `ALTER DATABASE ${name} SET synchronous_commit = off`);
    const connections = new Connections({ url: careless }, 1);
    const rows = await connections.query("SELECT current_setting('synchronous_commit') AS value");
    await connections.close();
    expect(rows).toEqual([{ value: "on" }]);
  });
});

describe("damage (4)", () => {
  test.each([
    ["documents", "title = 'Other'"],
    ["documents", "updated_at = updated_at + 1"],
    ["operations", `"user" = 'mallory'`],
    ["operations", "version = 7"],
    ["operations", "operation = '\\x00'"],
  ])("a row of %s with another value is never read: %s", async (table, change) => {
    const store = await open();
    await withDocuments(store, 1);
    await store.append([typing("document-0", 1, 1)]);
    await server.run(url, `UPDATE ${table} SET ${change}`);
    await expectCode(store.operations("document-0", 0, ALL, ALL), "damaged");
  });

  test("operations that no document knows of are damage of that document only", async () => {
    const store = await open();
    await withDocuments(store, 2);
    await store.append([typing("document-0", 1, 1), typing("document-1", 1, 1)]);
    await server.run(
      url,
      `INSERT INTO operations (document, version, client, sequence, "user", time, checksum, row_checksum, operation)
       VALUES ('document-1', 2, 'tab-9', 9, 'ada', 1, 1, 1, '')`,
    );
    const [first, second] = await Promise.allSettled([
      store.append([typing("document-0", 1, 2)]),
      store.append([typing("document-1", 1, 2)]),
    ]);
    expect(first).toEqual({ status: "fulfilled", value: ["stored"] });
    expect(second).toMatchObject({ status: "rejected", reason: { code: "damaged" } });
  });
});
