import { join } from "node:path";
import type { Config } from "./config.js";
import { PostgresStore } from "./storage/postgres-store.js";
import { SqliteStore } from "./storage/sqlite-store.js";
import type { Store } from "./storage/store.js";

/** Where the configuration says that documents are. */
export type StoreLocation =
  | { readonly kind: "sqlite"; readonly file: string; readonly folder: string }
  | { readonly kind: "postgres"; readonly url: string };

export function storeLocation(config: Pick<Config, "data" | "databaseUrl">): StoreLocation {
  const { data, databaseUrl } = config;
  if (databaseUrl !== undefined) return { kind: "postgres", url: databaseUrl };
  return { kind: "sqlite", file: join(data, "tutti.sqlite"), folder: data };
}

/**
 * Opens the store that is configured, makes it when missing, and brings it to the newest schema.
 * @param worker the built SQLite worker; tests that run from source state it
 * @throws StoreError
 */
export async function openStore(location: StoreLocation, worker?: URL): Promise<Store> {
  if (location.kind === "sqlite") return SqliteStore.open({ file: location.file, worker });
  return PostgresStore.open({ url: location.url });
}
