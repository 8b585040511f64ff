import { StoreError } from "./store.js";

/** What a call to PostgreSQL reports, by SQLSTATE. */
const DAMAGED = ["XX001", "XX002"];
/** The transaction was taken back because of another one; done again, it may well succeed. */
const CONFLICTS = ["40001", "40P01"];
const DIVISION_BY_ZERO = "22012";
const UNIQUE_VIOLATION = "23505";

/** Whatever a database call threw, as the error that callers of a store know. */
export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const code = sqlState(error);
  const message = error instanceof Error ? error.message : String(error);
  const kind = code !== undefined && DAMAGED.includes(code) ? "damaged" : "unavailable";
  return new StoreError(kind, code === undefined ? message : `${code}: ${message}`);
}

/** True when the server itself says that this statement failed: the connection is as good as before. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && "severity" in error && error.severity === "ERROR";
}

/** True when nothing was done because of other transactions (serialisation failure, deadlock). */
export const isConflict = (error: unknown): boolean => CONFLICTS.includes(sqlState(error) ?? "");

export const isTaken = (error: unknown): boolean => sqlState(error) === UNIQUE_VIOLATION;

/** How a statement takes itself back (`NOTHING_UNLESS`). */
export const isTakenBack = (error: unknown): boolean => sqlState(error) === DIVISION_BY_ZERO;

function sqlState(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && code !== "" ? code : undefined;
}
