import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { migrate } from "./migrations.js";

export interface SqliteSettings {
  /** Path of the database file. It and its folder are made when missing. */
  readonly file: string;
  /** Milliseconds to wait for another process that holds the write lock; 5000 when left out. */
  readonly busyTimeout?: number | undefined;
}

/**
 * Opens a database with the settings that make a commit durable (S1), and with the newest schema.
 *
 * `synchronous = FULL` syncs the write-ahead log in every commit; without it, WAL mode may lose the last commits when
 * the machine loses power.
 *
 * @throws StoreError `unsupported_version`; SqliteError
 */
export function openConnection(settings: SqliteSettings): Database.Database {
  // Documents are private: other accounts of the machine can't look into a new folder.
  mkdirSync(dirname(settings.file), { recursive: true, mode: 0o700 });
  const connection = new Database(settings.file, { timeout: settings.busyTimeout ?? 5000 });
  try {
    // Counts only while the file is still empty, and takes the write lock; `reclaimSpace` needs it.
    if (connection.pragma("page_count", { simple: true }) === 0) connection.pragma("auto_vacuum = INCREMENTAL");
    connection.pragma("journal_mode = WAL");
    connection.pragma("synchronous = FULL");
    connection.pragma("foreign_keys = ON");
    // A large paste makes a large log; it is cut back to this size when it starts over.
    connection.pragma("journal_size_limit = 67108864");
    migrate(connection);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}
