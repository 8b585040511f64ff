import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SqliteStore, type SqliteStoreSettings } from "../../src/storage/sqlite-store.js";

/** The built worker: a thread can't run TypeScript. `npx tsc -b packages/server` makes it. */
const WORKER = new URL("../../dist/storage/sqlite-worker.js", import.meta.url);

/** A new folder; `remove` it at the end. */
export function temporaryFolder(): { readonly file: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "tutti-store-"));
  return { file: join(folder, "data", "tutti.db"), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export function openSqlite(file: string, settings: Partial<SqliteStoreSettings> = {}): Promise<SqliteStore> {
  return SqliteStore.open({ file, worker: WORKER, ...settings });
}
