/// <reference lib="dom" />
import type { Journal, JournalContent } from "../offline-store.js";
import type { Database, JournalRecord } from "./database.js";

/** One journal in IndexedDB: each append is a transaction of its own. */
export class BrowserJournal implements Journal {
  readonly document: string;
  readonly client: string;
  readonly #database: Database;
  readonly #now: () => number;
  readonly #release: () => void;
  /** Under which number the next batch of entries goes. */
  #next = 0;

  /** @param release ends the caller's hold */
  constructor(database: Database, head: Omit<JournalRecord, "touched">, now: () => number, release: () => void) {
    this.document = head.document;
    this.client = head.client;
    this.#database = database;
    this.#now = now;
    this.#release = release;
  }

  async read(): Promise<JournalContent> {
    let snapshot: IDBRequest<Uint8Array | undefined> | undefined;
    let keys: IDBRequest<IDBValidKey[]> | undefined;
    const batches = await this.#database.transact(["snapshots", "entries"], "readonly", (transaction) => {
      snapshot = transaction.objectStore("snapshots").get(this.#key);
      const entries = transaction.objectStore("entries");
      keys = entries.getAllKeys(this.#range);
      return entries.getAll(this.#range) as IDBRequest<(readonly Uint8Array[])[]>;
    });
    const last = keys?.result.at(-1) as readonly [string, string, number] | undefined;
    this.#next = last === undefined ? 0 : last[2] + 1;
    return { snapshot: snapshot?.result, entries: (batches ?? []).flat() };
  }

  async append(entries: readonly Uint8Array[]): Promise<void> {
    const key = [...this.#key, this.#next];
    this.#next += 1;
    await this.#database.transact(["entries"], "readwrite", (transaction) => {
      transaction.objectStore("entries").add(entries, key);
      return undefined;
    });
  }

  async compact(snapshot: Uint8Array): Promise<void> {
    const { document, client } = this;
    await this.#database.transact(["journals", "snapshots", "entries"], "readwrite", (transaction) => {
      const record: JournalRecord = { document, client, touched: this.#now() };
      transaction.objectStore("journals").put(record, this.#key);
      transaction.objectStore("snapshots").put(snapshot, this.#key);
      transaction.objectStore("entries").delete(this.#range);
      return undefined;
    });
  }

  async delete(): Promise<void> {
    await this.#database.transact(["journals", "snapshots", "entries"], "readwrite", (transaction) => {
      transaction.objectStore("journals").delete(this.#key);
      transaction.objectStore("snapshots").delete(this.#key);
      transaction.objectStore("entries").delete(this.#range);
      return undefined;
    });
    this.#release();
  }

  release(): void {
    this.#release();
  }

  get #key(): [string, string] {
    return [this.document, this.client];
  }

  /** A list sorts behind every number. */
  get #range(): IDBKeyRange {
    return IDBKeyRange.bound(this.#key, [...this.#key, []]);
  }
}
