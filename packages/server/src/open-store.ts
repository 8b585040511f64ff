import { join } from "node:path";
import type { Config } from "./config.js";
import type { ArchiveLocation } from "./configuration/archive-location.js";
import { openArchive } from "./open-archive.js";
import { ArchivingStore } from "./storage/archiving-store.js";
import { PostgresStore } from "./storage/postgres-store.js";
import { SqliteStore } from "./storage/sqlite-store.js";
import type { Store } from "./storage/store.js";

/** Where the configuration says that documents are. */
export type StoreLocation = (
  | { readonly kind: "sqlite"; readonly file: string; readonly folder: string }
  | {
      readonly kind: "postgres";
      readonly url: string;
      readonly poolSize: number;
      /** Milliseconds. */
      readonly statementTimeout: number;
    }
) & {
  /** Where old operations were moved to; undefined: nowhere. */
  readonly archive?: ArchiveLocation | undefined;
};

export function storeLocation(
  config: Pick<Config, "data" | "databaseUrl" | "databaseConnections" | "databaseTimeout" | "archive">,
): StoreLocation {
  const { data, databaseUrl, databaseConnections, databaseTimeout, archive } = config;
  if (databaseUrl !== undefined) {
    const limits = { poolSize: databaseConnections, statementTimeout: databaseTimeout };
    return { kind: "postgres", url: databaseUrl, ...limits, archive };
  }
  return { kind: "sqlite", file: join(data, "tutti.sqlite"), folder: data, archive };
}

/**
 * Opens the store that is configured, makes it when missing, and brings it to the newest schema. What is in the archive is
 * read as if it were in the store.
 * @param worker the built SQLite worker; tests that run from source state it
 * @throws StoreError
 */
export async function openStore(location: StoreLocation, worker?: URL): Promise<Store> {
  const store = await openDatabase(location, worker);
  const archive = openArchive(location.archive);
  return archive === undefined ? store : new ArchivingStore(store, archive);
}

async function openDatabase(location: StoreLocation, worker: URL | undefined): Promise<Store> {
  if (location.kind === "sqlite") return SqliteStore.open({ file: location.file, worker });
  const { url, poolSize, statementTimeout } = location;
  return PostgresStore.open({ url, poolSize, statementTimeout });
}
