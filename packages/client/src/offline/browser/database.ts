/// <reference lib="dom" />
import { OfflineStoreError, type OfflineStoreErrorCode } from "../offline-store.js";

/** One for each journal; its key is document and client. */
export interface JournalRecord {
  readonly document: string;
  readonly client: string;
  /** Milliseconds since 1970 when it was opened or compacted. */
  readonly touched: number;
}

/** Three object stores: what journals there are, their snapshots, and their entries (a batch under each key). */
export const STORES = ["journals", "snapshots", "entries"] as const;
export type StoreName = (typeof STORES)[number];

const VERSION = 1;

/** A database of this browser, opened when it is needed, and again when the browser has closed it. */
export class Database {
  readonly #name: string;
  #open: Promise<IDBDatabase> | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  /**
   * Carries out `act` in one transaction: all of it, or nothing.
   * @returns what the request came to that `act` returned, once it is on the disk
   * @throws OfflineStoreError
   */
  async transact<T>(
    stores: readonly StoreName[],
    mode: "readonly" | "readwrite",
    act: (transaction: IDBTransaction) => IDBRequest<T> | undefined,
  ): Promise<T | undefined> {
    try {
      const database = await this.#opened();
      const transaction = database.transaction(stores, mode, { durability: "strict" });
      const request = act(transaction);
      await completed(transaction);
      return request?.result;
    } catch (error) {
      throw offlineStoreError(error);
    }
  }

  #opened(): Promise<IDBDatabase> {
    this.#open ??= this.#reopen().catch((error: unknown) => {
      this.#open = undefined;
      throw error;
    });
    return this.#open;
  }

  async #reopen(): Promise<IDBDatabase> {
    const { indexedDB } = globalThis as Partial<Pick<typeof globalThis, "indexedDB">>;
    if (indexedDB === undefined || indexedDB === null)
      throw new OfflineStoreError("refused", "there is no IndexedDB here");
    const request = indexedDB.open(this.#name, VERSION);
    request.onupgradeneeded = () => {
      for (const store of STORES) request.result.createObjectStore(store);
    };
    const database = await succeeded(request);
    const gone = (): void => {
      this.#open = undefined;
    };
    database.onclose = gone;
    database.onversionchange = () => {
      database.close();
      gone();
    };
    return database;
  }
}

function succeeded<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

/** What browsers call it: no storage in private windows or by policy, no room, or something else. */
const CODES: Readonly<Record<string, OfflineStoreErrorCode>> = {
  SecurityError: "refused",
  InvalidStateError: "refused",
  NotAllowedError: "refused",
  QuotaExceededError: "full",
  DataError: "damaged",
  NotReadableError: "damaged",
};

function offlineStoreError(error: unknown): OfflineStoreError {
  if (error instanceof OfflineStoreError) return error;
  const { name = "", message = "the transaction was aborted" } = (error ?? {}) as Partial<Error>;
  return new OfflineStoreError(CODES[name] ?? "failed", `${name}: ${message}`, { cause: error });
}
