import { existsSync, statSync } from "node:fs";
import Database from "better-sqlite3";
import { MIGRATIONS } from "./migrations.js";

/** What can be said of a database file without changing it. */
export interface SqliteFile {
  readonly bytes: number;
  /** Of the schema it has, and of the one that this release writes. */
  readonly schema: number;
  readonly newestSchema: number;
}

/** @returns undefined when there is no such file. @throws SqliteError when it is no database, or can't be read */
export function inspectFile(file: string): SqliteFile | undefined {
  return reading(file, (connection) => ({
    bytes: statSync(file).size,
    schema: Number(connection.pragma("user_version", { simple: true })),
    newestSchema: MIGRATIONS.length,
  }));
}

/** What SQLite finds wrong with the structure of a file; nothing for a sound one. Takes seconds per gigabyte. */
export function findStructuralDamage(file: string): readonly string[] {
  const rows = reading(
    file,
    (connection) => connection.pragma("quick_check(20)") as readonly { quick_check: string }[],
  );
  return (rows ?? []).map((row) => row.quick_check).filter((text) => text !== "ok");
}

function reading<T>(file: string, use: (connection: Database.Database) => T): T | undefined {
  if (!existsSync(file)) return undefined;
  const connection = new Database(file, { readonly: true, timeout: 5000 });
  try {
    return use(connection);
  } finally {
    connection.close();
  }
}
