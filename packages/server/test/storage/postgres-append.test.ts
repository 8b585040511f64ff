import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Appender } from "../../src/storage/postgres-append.js";
import { planAppends } from "../../src/storage/postgres-append-plan.js";
import { Connections } from "../../src/storage/postgres-connections.js";
import { KnownDocuments } from "../../src/storage/postgres-known.js";
import { PostgresStore } from "../../src/storage/postgres-store.js";
import { toDocumentRow } from "../../src/storage/rows.js";
import { record, typed, typing } from "./fixtures.js";
import { emptyStore, type PostgresServer, startPostgres } from "./postgres-server.js";

const ALL = Number.POSITIVE_INFINITY;
/** The built worker: a thread can't run TypeScript. `npx tsc -b packages/server` makes it. */
const WORKER = new URL("../../dist/storage/postgres-packing-worker.js", import.meta.url);

let server: PostgresServer;
let url: string;
let store: PostgresStore;

beforeAll(async () => {
  server = await startPostgres();
  url = await server.createDatabase();
  store = await PostgresStore.open({ url, worker: WORKER });
});
afterAll(async () => {
  await store.close();
  await server.remove();
});
beforeEach(() => emptyStore(server, url));

async function withDocuments(count: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, (_, index) => `document-${index}`);
  await Promise.all(ids.map((id) => store.createDocument(record(id)).then(() => store.claim(id))));
  return ids;
}

const transactions = async (): Promise<number> =>
  Number((await server.run(url, "SELECT pg_current_xact_id()::text AS id"))[0]?.["id"]);

describe("a batch that is too large for one statement", () => {
  /** What a process has that forgot everything, and that packs at most so many bytes into a statement. */
  async function append(mostBytes: number, ids: readonly string[], version: number) {
    const connections = new Connections({ url }, 1);
    const appender = new Appender(connections, new KnownDocuments(), mostBytes);
    return appender.append(ids.map((id) => typing(id, 1, version))).finally(() => connections.close());
  }

  test.each([1, 20, 1_000_000])("is one transaction all the same, with %d bytes in a statement", async (mostBytes) => {
    const ids = await withDocuments(20);
    const before = await transactions();
    expect(await append(mostBytes, ids, 1)).toEqual(ids.map(() => "stored"));
    expect((await transactions()) - before).toBe(2);
    for (const id of ids) expect(await store.operations(id, 0, ALL, ALL)).toEqual([typed(1)]);
  });

  test("is taken back whole, and planned anew, when one of its documents is another by now", async () => {
    const ids = await withDocuments(4);
    const connections = new Connections({ url }, 1);
    const appender = new Appender(connections, new KnownDocuments(), 1);
    const appendAll = (version: number) => appender.append(ids.map((id) => typing(id, 1, version)));
    expect(await appendAll(1)).toEqual(ids.map(() => "stored"));
    await store.append([typing("document-2", 1, 2)]);
    await store.claim("document-3");
    expect(await appendAll(2)).toEqual(["stored", "stored", "conflict", "fenced"]);
    expect(await Promise.all(ids.map((id) => store.version(id)))).toEqual([2, 2, 2, 1]);
    await connections.close();
  });
});

test("a process that knows nothing reads where the clients of a whole batch are, each on its document (S2)", async () => {
  const ids = await withDocuments(30);
  const connections = new Connections({ url }, 1);
  const appender = new Appender(connections, new KnownDocuments());
  const others = ids.map((document, index) => ({
    document,
    epoch: 1,
    operations: [typed(1, { client: `tab-${index}`, sequence: index + 1 })],
  }));
  expect(await appender.append(others)).toEqual(ids.map(() => "stored"));
  const forgetful = new Appender(connections, new KnownDocuments());
  const again = others.map((append, index) => ({
    ...append,
    operations: [typed(2, { client: `tab-${index}`, sequence: index + 1 + (index % 2) })],
  }));
  expect(await forgetful.append(again)).toEqual(ids.map((_, index) => (index % 2 === 0 ? "conflict" : "stored")));
  await connections.close();
});

test("appends and packing at the same time lose nothing, and the log can be read meanwhile", async () => {
  const [id = ""] = await withDocuments(1);
  await store.append([typing(id, 1, 1, 50)]);
  const packing = async (): Promise<void> => {
    for (let upTo = 20; upTo <= 200; upTo += 20) await store.compact(id, upTo);
  };
  const writing = async (): Promise<void> => {
    for (let version = 51; version <= 220; version += 1) {
      expect(await store.append([typing(id, 1, version)])).toEqual(["stored"]);
    }
  };
  const reading = async (): Promise<void> => {
    for (let found = 0; found < 220; ) {
      const log = await store.operations(id, 0, ALL, ALL);
      found = log.length;
      expect(log.map(({ sequence }) => sequence)).toEqual(Array.from({ length: found }, (_, index) => index + 1));
    }
  };
  await Promise.all([packing(), writing(), reading()]);
  expect((await store.segments(id)).length).toBeGreaterThan(1);
  const again = { document: id, epoch: 1, operations: [typed(221, { sequence: 3 })] };
  expect(await store.append([again])).toEqual(["conflict"]);
  expect(await store.append([typing(id, 1, 221)])).toEqual(["stored"]);
});

describe("the plan of a batch", () => {
  const known = (id: string, epoch: number, version: number) => {
    const state = { record: record(id), epoch, version, packed: 0 };
    return { state, row: toDocumentRow(state), sequences: new Map([["tab-1", version]]) };
  };
  const documents = new Map([
    ["a", known("a", 1, 0)],
    ["b", known("b", 2, 5)],
  ]);

  test("takes several appends to a document as one change, and leaves out what it refuses", () => {
    const appends = [typing("a", 1, 1), typing("b", 1, 6), typing("a", 1, 2, 3), typing("c", 1, 1), typing("a", 1, 2)];
    const plan = planAppends(appends, (id) => documents.get(id));
    expect(plan.outcomes).toEqual(["stored", "fenced", "stored", "unknown_document", "conflict"]);
    expect(plan.heads.map(({ before, after }) => [before.version, after.version])).toEqual([[0, 3]]);
    expect(plan.heads[0]?.operations.map(({ version }) => version)).toEqual([1, 2, 3]);
    expect(plan.doubtful).toEqual([appends[1], appends[3], appends[4]]);
  });

  test("knows at most so many documents, those that were written last", () => {
    const few = new KnownDocuments(2);
    for (const id of ["a", "b"]) few.set(known(id, 1, 0));
    few.set(known("a", 1, 1));
    few.set(known("c", 1, 0));
    expect(["a", "b", "c"].map((id) => few.get(id)?.state.version)).toEqual([1, undefined, 0]);
  });
});
