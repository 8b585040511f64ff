/// <reference lib="dom" />
import type { Clock, Random } from "@tutti/protocol";
import { systemClock, systemRandom } from "../../environment.js";
import { type KeepOptions, keepOffline } from "../keep-offline.js";
import type { Offline } from "../offline.js";
import type { Journal, JournalContent, OfflineStore } from "../offline-store.js";
import { BrowserJournal, contentOf, type JournalRequests, requestJournal } from "./browser-journal.js";
import { Database, type JournalRecord, STORES } from "./database.js";
import { type Holds, holdsOf } from "./holds.js";

export interface BrowserStoreOptions extends KeepOptions {
  /** One per person and server: two people at one browser must not get each other's edits. */
  readonly name: string;
}

/**
 * Keeps documents in this browser (IndexedDB), for all of its tabs. Where the browser refuses that (a private window,
 * no room), documents work on in memory and say so.
 */
export function browserStore({ name, ...options }: BrowserStoreOptions): Offline {
  return keepOffline(new BrowserStore(name, systemClock, systemRandom), options);
}

export class BrowserStore implements OfflineStore {
  readonly #scope: string;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #database: Database;
  #holds: Holds | undefined;

  constructor(name: string, clock: Clock, random: Random) {
    this.#scope = `tutti ${name}`;
    this.#clock = clock;
    this.#random = random;
    this.#database = new Database(this.#scope);
  }

  async claim(document: string): Promise<Journal | undefined> {
    const records = await this.#records(rangeOf(document));
    for (const record of records) {
      const release = await this.#hold(record);
      if (release === undefined) continue;
      const journal = this.#journal(record, release);
      // Between the two, the tab that held it may have deleted it.
      if (await this.#exists(record)) return journal;
      release();
    }
    return undefined;
  }

  async peek(document: string): Promise<JournalContent | undefined> {
    const range = rangeOf(document);
    let newest: JournalRequests | undefined;
    await this.#database.transact(STORES, "readonly", (transaction) => {
      // Answered before `records`, which is asked for after it.
      const snapshots = transaction.objectStore("snapshots").getAllKeys(range);
      const records = transaction.objectStore("journals").getAll(range) as IDBRequest<JournalRecord[]>;
      records.onsuccess = () => {
        const filled = new Set((snapshots.result as [string, string][]).map(([, client]) => client));
        const found = newestFirst(records.result).find(({ client }) => filled.has(client));
        newest = found && requestJournal(transaction, found);
      };
      return undefined;
    });
    return newest && contentOf(newest);
  }

  async create(document: string, client: string): Promise<Journal> {
    const record: JournalRecord = { document, client, touched: this.#clock.now() };
    const release = await this.#hold(record);
    if (release === undefined) throw new Error(`another tab writes as ${client}`);
    try {
      await this.#database.transact(["journals"], "readwrite", (transaction) =>
        transaction.objectStore("journals").add(record, [document, client]),
      );
    } catch (error) {
      release();
      throw error;
    }
    return this.#journal(record, release);
  }

  async documents(): Promise<readonly string[]> {
    const records = await this.#records();
    return [...new Set(records.map(({ document }) => document))];
  }

  /** Newest first. */
  async #records(range?: IDBKeyRange): Promise<readonly JournalRecord[]> {
    const found = await this.#database.transact(
      ["journals"],
      "readonly",
      (transaction) => transaction.objectStore("journals").getAll(range) as IDBRequest<JournalRecord[]>,
    );
    return newestFirst(found ?? []);
  }

  async #exists({ document, client }: JournalRecord): Promise<boolean> {
    const count = await this.#database.transact(["journals"], "readonly", (transaction) =>
      transaction.objectStore("journals").count([document, client]),
    );
    return count === 1;
  }

  #hold({ document, client }: JournalRecord): Promise<(() => void) | undefined> {
    this.#holds ??= holdsOf(this.#scope, this.#clock, this.#random);
    return this.#holds.take(JSON.stringify([document, client]));
  }

  #journal(record: JournalRecord, release: () => void): Journal {
    return new BrowserJournal(this.#database, record, () => this.#clock.now(), release);
  }
}

/** The keys of the journals of a document, and of their snapshots. A list sorts behind every text. */
const rangeOf = (document: string): IDBKeyRange => IDBKeyRange.bound([document], [document, []]);

const newestFirst = (records: readonly JournalRecord[]): readonly JournalRecord[] =>
  [...records].sort((a, b) => b.touched - a.touched);
