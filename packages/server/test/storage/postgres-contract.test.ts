import { afterAll, beforeAll } from "vitest";
import { PostgresStore } from "../../src/storage/postgres-store.js";
import { emptyStore, type PostgresServer, startPostgres } from "./postgres-server.js";
import { describeStoreContract } from "./store-contract.js";

/** The built worker: a thread can't run TypeScript. `npx tsc -b packages/server` makes it. */
const WORKER = new URL("../../dist/storage/postgres-packing-worker.js", import.meta.url);

let server: PostgresServer;
let url: string;

beforeAll(async () => {
  server = await startPostgres();
  url = await server.createDatabase();
});
afterAll(() => server.remove());

describeStoreContract("PostgresStore", async () => {
  const open = (): Promise<PostgresStore> => PostgresStore.open({ url, worker: WORKER });
  const store = await open();
  await emptyStore(server, url);
  return {
    store,
    reopen: open,
    damageOperation: (...row) => flipLastBit("operations", "operation", "version", row),
    damageSnapshot: (...row) => flipLastBit("snapshots", "content", "version", row),
    damageClient: flipClient,
    damageSegment: (...row) => flipLastBit("segments", "bytes", "first", row),
    damageChunk: (document, name) => flipLastBit("chunks", "bytes", "name", [document, Buffer.from(name, "hex")]),
  };
});

async function flipClient(...row: readonly [string, string]): Promise<void> {
  const text = "UPDATE clients SET sequence = sequence # 1 WHERE document = $1 AND client = $2 RETURNING document";
  if ((await server.run(url, text, row)).length !== 1) throw new Error(`no row ${row.join("/")} in clients`);
}

async function flipLastBit(
  table: string,
  column: string,
  key: string,
  row: readonly [string, number | Uint8Array],
): Promise<void> {
  const last = `length(${column}) - 1`;
  const flipped = `set_byte(${column}, ${last}, get_byte(${column}, ${last}) # 1)`;
  const where = `WHERE document = $1 AND ${key} = $2 RETURNING document`;
  const changed = await server.run(url, `UPDATE ${table} SET ${column} = ${flipped} ${where}`, row);
  if (changed.length !== 1) throw new Error(`no row ${row.join("/")} in ${table}`);
}
