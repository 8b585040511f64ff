import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { StoreError } from "./store.js";

/** Nothing but a lock lives in this file. */
const LOCK_FILE = "server.lock";

export interface FolderLock {
  /** A second call changes nothing. */
  release(): void;
}

/**
 * Takes a data folder for one process. The lock is one of the operating system (SQLite takes it): it ends with the
 * process, however that ends, so nothing stale is ever left behind.
 *
 * @param folder made when missing
 * @throws StoreError `unavailable` when another process has it
 */
export function lockFolder(folder: string): FolderLock {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const connection = new Database(join(folder, LOCK_FILE), { timeout: 0 });
  try {
    connection.pragma("journal_mode = MEMORY");
    connection.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    connection.close();
    if (!isBusy(error)) throw error;
    throw new StoreError("unavailable", `another process, a running server for example, has the data folder ${folder}`);
  }
  return { release: () => connection.close() };
}

/** Whether another process has this data folder; changes nothing in it. */
export function isFolderLocked(folder: string): boolean {
  if (!existsSync(join(folder, LOCK_FILE))) return false;
  try {
    lockFolder(folder).release();
    return false;
  } catch (error) {
    if (error instanceof StoreError) return true;
    throw error;
  }
}

const isBusy = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "SQLITE_BUSY";
