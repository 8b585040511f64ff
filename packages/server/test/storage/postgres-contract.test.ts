import { afterAll, beforeAll } from "vitest";
import { PostgresStore } from "../../src/storage/postgres-store.js";
import { type PostgresServer, startPostgres } from "./postgres-server.js";
import { describeStoreContract } from "./store-contract.js";

let server: PostgresServer;
let template: string;

beforeAll(async () => {
  server = await startPostgres();
  template = await server.createDatabase();
  await (await PostgresStore.open({ url: template })).close();
});
afterAll(() => server.remove());

describeStoreContract("PostgresStore", async () => {
  const url = await server.createDatabase(template);
  const open = (): Promise<PostgresStore> => PostgresStore.open({ url });
  return {
    store: await open(),
    reopen: open,
    damageOperation: (...row) => flipLastBit(url, "operations", "operation", row),
    damageSnapshot: (...row) => flipLastBit(url, "snapshots", "content", row),
  };
});

async function flipLastBit(
  url: string,
  table: string,
  column: string,
  row: readonly [string, number],
): Promise<void> {
  const last = `length(${column}) - 1`;
  const flipped = `set_byte(${column}, ${last}, get_byte(${column}, ${last}) # 1)`;
  const where = "WHERE document = $1 AND version = $2 RETURNING version";
  const changed = await server.run(url, `UPDATE ${table} SET ${column} = ${flipped} ${where}`, row);
  if (changed.length !== 1) throw new Error(`no row ${row.join("/")} in ${table}`);
}
