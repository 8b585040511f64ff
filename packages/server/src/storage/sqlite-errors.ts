import { StoreError } from "./store.js";

/** What SQLite reports when the file itself is not what it should be; everything else may pass. */
const DAMAGE = ["SQLITE_CORRUPT", "SQLITE_NOTADB"];

/** Whatever a database call threw, as the error that callers of a store know. */
export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  if (!(error instanceof Error)) return new StoreError("unavailable", String(error));
  const code = "code" in error ? String(error.code) : error.name;
  const kind = DAMAGE.some((prefix) => code.startsWith(prefix)) ? "damaged" : "unavailable";
  return new StoreError(kind, `${code}: ${error.message}`);
}
