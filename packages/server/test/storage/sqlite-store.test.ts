import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MIGRATIONS } from "../../src/storage/migrations.js";
import { toOperationRow } from "../../src/storage/rows.js";
import { openConnection } from "../../src/storage/sqlite-connection.js";
import { SqliteDatabase } from "../../src/storage/sqlite-database.js";
import { toStoreError } from "../../src/storage/sqlite-errors.js";
import type { SqliteStore } from "../../src/storage/sqlite-store.js";
import { expectCode } from "./contract-given.js";
import { record, snapshotAt, typed, typing } from "./fixtures.js";
import { openSqlite, temporaryFolder } from "./temporary-store.js";

const ALL = Number.POSITIVE_INFINITY;
let folder: ReturnType<typeof temporaryFolder>;
const stores: SqliteStore[] = [];

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
  folder.remove();
});

async function open(settings: Parameters<typeof openSqlite>[1] = {}): Promise<SqliteStore> {
  const store = await openSqlite(folder.file, settings);
  stores.push(store);
  return store;
}

async function withDocuments(store: SqliteStore, count: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, (_, index) => `document-${index}`);
  await Promise.all(ids.flatMap((id) => [store.createDocument(record(id)), store.claim(id)]));
  return ids;
}

describe("group commit (S5)", () => {
  test("a hundred documents that append at once share one durable commit", async () => {
    const store = await open();
    const ids = await withDocuments(store, 100);
    const outcomes = await Promise.all(ids.map((id) => store.append([typing(id, 1, 1)])));
    expect(outcomes.flat()).toEqual(ids.map(() => "stored"));
    expect(store.stats()).toEqual({ commits: 1, appends: 100, queued: 0 });
  });

  test("what comes while a commit is under way shares the next one", async () => {
    const store = await open();
    const [first = "", ...others] = await withDocuments(store, 50);
    let during: Promise<unknown>[] = [];
    const started = store.append([typing(first, 1, 1)]);
    // The commit is on its way to the thread; its answer can't come before this turn of the event loop ends.
    process.nextTick(() => {
      during = others.map((id) => store.append([typing(id, 1, 1)]));
    });
    await started;
    await Promise.all(during);
    expect(during).toHaveLength(49);
    expect(store.stats()).toEqual({ commits: 2, appends: 50, queued: 0 });
  });

  test("one damaged document does not keep the others from being stored (5)", async () => {
    const store = await open();
    const ids = await withDocuments(store, 3);
    const connection = new Database(folder.file);
    connection.prepare("UPDATE documents SET title = 'Other' WHERE id = ?").run("document-1");
    connection.close();
    const results = await Promise.allSettled(ids.map((id) => store.append([typing(id, 1, 1)])));
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await store.version("document-2")).toBe(1);
    await expectCode(store.document("document-1"), "damaged");
  });
});

describe("a damaged position of a client (S2)", () => {
  const damage = () => {
    const connection = openConnection({ file: folder.file });
    const database = new SqliteDatabase(connection);
    database.createDocument(record("a"));
    database.claim("a");
    database.append([typing("a", 1, 1, 9)]);
    const packed = database.packOperations("a", 5);
    if (packed !== undefined) database.writeSegment("a", packed);
    connection.exec("UPDATE clients SET sequence = 7");
    return { connection, database };
  };

  test("is read from the log, and mended by the next append", () => {
    const { connection, database } = damage();
    expect(database.clientPosition("a", "tab-1")).toEqual({ sequence: 9, version: 9, user: "ada" });
    expect(database.append([{ document: "a", epoch: 1, operations: [typed(10, { sequence: 8 })] }])).toEqual([
      "conflict",
    ]);
    expect(database.append([typing("a", 1, 10)])).toEqual(["stored"]);
    connection.exec("DELETE FROM operations");
    expect(database.clientPosition("a", "tab-1")).toEqual({ sequence: 10, version: 10, user: "ada" });
    database.close();
  });

  test("is damage where the log can't be read whole", () => {
    const { database } = damage();
    database.archiveSegment("a", 1, "elsewhere");
    expect(codeOf(() => database.clientPosition("a", "tab-1"))).toBe("damaged");
    expect(codeOf(() => database.append([typing("a", 1, 10)]))).toBe("damaged");
    database.close();
  });

  test("an operation behind the version of its document is damage, and stays (4)", () => {
    const { connection, database } = damage();
    connection.exec("DELETE FROM clients");
    const row = toOperationRow("a", typed(10));
    const columns = Object.keys(row);
    const values = columns.map((name) => `@${name}`).join(", ");
    connection.prepare(`INSERT INTO operations (${columns.join(", ")}) VALUES (${values})`).run(row);
    expect(codeOf(() => database.append([typing("a", 1, 10)]))).toBe("damaged");
    expect(database.version("a")).toBe(9);
    database.close();
  });
});

describe("errors that pass (6)", () => {
  test("a locked database refuses all appends of the commit, stores none, and works again afterwards", async () => {
    const store = await open({ busyTimeout: 1 });
    const ids = await withDocuments(store, 3);
    const other = new Database(folder.file);
    other.exec("BEGIN IMMEDIATE");
    const calls = ids.map((id) => store.append([typing(id, 1, 1)]));
    for (const call of calls) await expectCode(call, "unavailable");
    expect(await Promise.all(ids.map((id) => store.version(id)))).toEqual([0, 0, 0]);
    other.exec("ROLLBACK");
    other.close();
    const again = await Promise.all(ids.map((id) => store.append([typing(id, 1, 1)])));
    expect(again.flat()).toEqual(["stored", "stored", "stored"]);
  });

  test("a full disk stores nothing of the transaction; with room again, the same appends are stored", () => {
    const connection = openConnection({ file: folder.file });
    const database = new SqliteDatabase(connection);
    for (const id of ["a", "b"]) {
      database.createDocument(record(id));
      database.claim(id);
    }
    const paste = typed(1, { operation: [{ insert: "x".repeat(1_000_000) }] });
    const appends = [typing("a", 1, 1), { document: "b", epoch: 1, operations: [paste] }];
    connection.pragma(`max_page_count = ${Number(connection.pragma("page_count", { simple: true })) + 2}`);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect(codeOf(() => database.append(appends))).toBe("unavailable");
      expect([database.version("a"), database.version("b")]).toEqual([0, 0]);
      expect(database.operations("a", 0, ALL, ALL)).toEqual([]);
    }
    expect(database.append([typing("a", 1, 1)])).toEqual(["stored"]);
    connection.pragma("max_page_count = 1000000");
    expect(database.append(appends)).toEqual(["conflict", "stored"]);
    expect(database.operations("b", 0, ALL, ALL)).toEqual([paste]);
    database.close();
  });

  test("a thread that dies is replaced; what it did not answer is unavailable", async () => {
    const worker = new URL("./dying-worker.mjs", import.meta.url);
    const store = await open({ worker });
    await store.createDocument(record("a"));
    const calls = [store.renameDocument("a", "die", 1), store.claim("a"), store.append([typing("a", 1, 1)])];
    for (const call of calls) await expectCode(call, "unavailable");
    expect(await store.claim("a")).toBe(1);
    expect(await store.document("a")).toEqual(record("a"));
    expect(await store.append([typing("a", 1, 1)])).toEqual(["stored"]);
  });

  test("the thread that reads is replaced too, and the other one goes on meanwhile", async () => {
    const worker = new URL("./dying-worker.mjs", import.meta.url);
    const store = await open({ worker });
    await withDocuments(store, 1);
    const reads = [store.document("die"), store.version("document-0")];
    const write = store.append([typing("document-0", 1, 1)]);
    for (const read of reads) await expectCode(read, "unavailable");
    expect(await write).toEqual(["stored"]);
    expect(await store.version("document-0")).toBe(1);
  });

  test("reads go on while another process holds the write lock, also after opening anew", async () => {
    const first = await open();
    await withDocuments(first, 1);
    const other = new Database(folder.file);
    other.exec("BEGIN IMMEDIATE");
    const second = await open({ busyTimeout: 1 });
    expect(await first.document("document-0")).toEqual(record("document-0"));
    expect(await second.document("document-0")).toEqual(record("document-0"));
    other.exec("ROLLBACK");
    other.close();
  });

  test("a thread that can't be started leaves nothing behind that close would wait for", async () => {
    const worker = new URL("./no-such-worker.mjs", import.meta.url);
    await expectCode(openSqlite(folder.file, { worker }), "unavailable");
  });
});

describe("opening", () => {
  test("the settings that make a commit durable are on (S1)", () => {
    const connection = openConnection({ file: folder.file });
    const pragma = (name: string): unknown => connection.pragma(name, { simple: true });
    expect(["journal_mode", "synchronous", "foreign_keys", "busy_timeout", "user_version"].map(pragma)).toEqual([
      "wal",
      2,
      1,
      5000,
      MIGRATIONS.length,
    ]);
    connection.close();
  });

  test("a database of a newer release is refused with a clear error and stays untouched (D3)", async () => {
    openConnection({ file: folder.file }).close();
    const connection = new Database(folder.file);
    connection.pragma(`user_version = ${MIGRATIONS.length + 1}`);
    connection.pragma("journal_mode = DELETE");
    connection.close();
    await expect(open()).rejects.toThrow(/newer release/);
    await expectCode(open(), "unsupported_version");
    const after = new Database(folder.file);
    expect(after.pragma("user_version", { simple: true })).toBe(MIGRATIONS.length + 1);
    after.close();
  });

  test("a file that is no database is damage, and stays untouched", async () => {
    mkdirSync(dirname(folder.file), { recursive: true });
    writeFileSync(folder.file, "Dear diary, ".repeat(1000));
    await expectCode(open(), "damaged");
    expect(readFileSync(folder.file, "utf8")).toBe("Dear diary, ".repeat(1000));
  });

  test("a folder that can't be made is unavailable", async () => {
    mkdirSync(dirname(folder.file), { recursive: true });
    writeFileSync(folder.file, "");
    await expectCode(openSqlite(`${folder.file}/inside/tutti.db`), "unavailable");
  });
});

describe("reopening (1)", () => {
  test("a large document, its snapshot and its log survive", async () => {
    const first = await open();
    await withDocuments(first, 1);
    await first.append([typing("document-0", 1, 1, 2000)]);
    await first.saveSnapshot("document-0", snapshotAt(2000));
    await first.close();
    const second = await open();
    expect(await second.version("document-0")).toBe(2000);
    expect((await second.operations("document-0", 0, ALL, ALL)).at(-1)).toEqual(typed(2000));
    expect(await second.snapshot("document-0", ALL)).toEqual(snapshotAt(2000));
  });

  test("closing leaves everything in the one file", async () => {
    const store = await open();
    await withDocuments(store, 1);
    await store.close();
    expect(readdirSync(dirname(folder.file))).toEqual(["tutti.db"]);
  });

  test("two handles on one file fence each other (G2)", async () => {
    const [first, second] = [await open(), await open()];
    await first.createDocument(record("a"));
    expect([await first.claim("a"), await second.claim("a")]).toEqual([1, 2]);
    expect(await first.append([typing("a", 1, 1)])).toEqual(["fenced"]);
    expect(await second.append([typing("a", 2, 1)])).toEqual(["stored"]);
  });
});

function codeOf(call: () => unknown): string {
  try {
    call();
    return "none";
  } catch (error) {
    return toStoreError(error).code;
  }
}
