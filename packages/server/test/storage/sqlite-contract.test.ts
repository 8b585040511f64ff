import Database from "better-sqlite3";
import { afterEach } from "vitest";
import { describeStoreContract } from "./store-contract.js";
import { openSqlite, temporaryFolder } from "./temporary-store.js";

const folders: { remove(): void }[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

describeStoreContract("SqliteStore", async () => {
  const folder = temporaryFolder();
  folders.push(folder);
  return {
    store: await openSqlite(folder.file),
    reopen: () => openSqlite(folder.file),
    damageOperation: async (...row) => flipLastBit(folder.file, "operations", "operation", "version", row),
    damageSnapshot: async (...row) => flipLastBit(folder.file, "snapshots", "content", "version", row),
    damageClient: async (...row) => flipClient(folder.file, row),
    damageSegment: async (...row) => flipLastBit(folder.file, "segments", "bytes", "first", row),
    damageChunk: async (document, name) =>
      flipLastBit(folder.file, "chunks", "bytes", "name", [document, Buffer.from(name, "hex")]),
  };
});

/** The lowest bit of its sequence: SQL has no exclusive or. */
function flipClient(file: string, row: readonly [string, string]): void {
  const connection = new Database(file);
  const text = "UPDATE clients SET sequence = sequence + 1 - 2 * (sequence & 1) WHERE document = ? AND client = ?";
  if (connection.prepare(text).run(...row).changes !== 1) throw new Error(`no row ${row.join("/")} in clients`);
  connection.close();
}

function flipLastBit(
  file: string,
  table: string,
  column: string,
  key: string,
  row: readonly [string, number | Uint8Array],
): void {
  const connection = new Database(file);
  const where = `WHERE document = ? AND ${key} = ?`;
  const bytes = connection
    .prepare<unknown[], Buffer>(`SELECT ${column} FROM ${table} ${where}`)
    .pluck()
    .get(...row);
  if (!Buffer.isBuffer(bytes)) throw new Error(`no row ${row.join("/")} in ${table}`);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  connection.prepare(`UPDATE ${table} SET ${column} = ? ${where}`).run(bytes, ...row);
  connection.close();
}
