/// <reference lib="dom" />
import type { Clock, Random } from "@tutti/protocol";
import { systemClock, systemRandom } from "../../environment.js";
import { type KeepOptions, keepOffline } from "../keep-offline.js";
import type { Offline } from "../offline.js";
import type { Journal, OfflineStore } from "../offline-store.js";
import { BrowserJournal } from "./browser-journal.js";
import { Database, type JournalRecord } from "./database.js";
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
    const records = await this.#records(IDBKeyRange.bound([document], [document, []]));
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
    return (found ?? []).sort((a, b) => b.touched - a.touched);
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
