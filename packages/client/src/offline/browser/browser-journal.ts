/// <reference lib="dom" />
import type { Journal, JournalContent } from "../offline-store.js";
import type { Database, JournalRecord } from "./database.js";

type Head = Pick<JournalRecord, "document" | "client">;

/** What a transaction was asked for of one journal; answered when it is complete. */
export interface JournalRequests {
  readonly snapshot: IDBRequest<Uint8Array | undefined>;
  readonly keys: IDBRequest<IDBValidKey[]>;
  readonly batches: IDBRequest<(readonly Uint8Array[])[]>;
}

/** @param transaction over snapshots and entries */
export function requestJournal(transaction: IDBTransaction, head: Head): JournalRequests {
  const entries = transaction.objectStore("entries");
  return {
    snapshot: transaction.objectStore("snapshots").get(keyOf(head)),
    keys: entries.getAllKeys(rangeOf(head)),
    batches: entries.getAll(rangeOf(head)),
  };
}

export const contentOf = ({ snapshot, batches }: JournalRequests): JournalContent => ({
  snapshot: snapshot.result,
  entries: batches.result.flat(),
});

const keyOf = ({ document, client }: Head): [string, string] => [document, client];

/** A list sorts behind every number. */
const rangeOf = (head: Head): IDBKeyRange => IDBKeyRange.bound(keyOf(head), [...keyOf(head), []]);

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
  constructor(database: Database, head: Head, now: () => number, release: () => void) {
    this.document = head.document;
    this.client = head.client;
    this.#database = database;
    this.#now = now;
    this.#release = release;
  }

  async read(): Promise<JournalContent> {
    let requests: JournalRequests | undefined;
    await this.#database.transact(["snapshots", "entries"], "readonly", (transaction) => {
      requests = requestJournal(transaction, this);
      return undefined;
    });
    const last = requests?.keys.result.at(-1) as readonly [string, string, number] | undefined;
    this.#next = last === undefined ? 0 : last[2] + 1;
    return requests ? contentOf(requests) : { snapshot: undefined, entries: [] };
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
    return keyOf(this);
  }

  get #range(): IDBKeyRange {
    return rangeOf(this);
  }
}
