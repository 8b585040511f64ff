import {
  type Journal,
  type JournalContent,
  type OfflineStore,
  OfflineStoreError,
  type OfflineStoreErrorCode,
} from "../../src/index.js";

interface Stored {
  readonly document: string;
  readonly client: string;
  snapshot: Uint8Array | undefined;
  entries: readonly Uint8Array[];
  /** Which life of the program holds it; undefined: nobody. */
  holder: number | undefined;
  touched: number;
}

/**
 * A device's storage for tests: writes are carried out when the test lets them, and a crash forgets those that wait.
 */
export class MemoryOfflineStore implements OfflineStore {
  readonly journals: Stored[] = [];
  /** What every write is answered with instead of being carried out. */
  fault: OfflineStoreErrorCode | undefined;
  /** Writes wait for `step`. */
  manual = false;
  #waiting: (() => void)[] = [];
  #life = 0;
  #time = 0;

  /** The oldest write that waits is carried out. @returns false when there is none */
  step(): boolean {
    const next = this.#waiting.shift();
    next?.();
    return next !== undefined;
  }

  /** All tabs are gone at once, and what they had not written yet. */
  crash(): void {
    this.#life += 1;
    this.#waiting = [];
    for (const stored of this.journals) stored.holder = undefined;
  }

  async claim(document: string): Promise<Journal | undefined> {
    const free = this.journals.filter((stored) => stored.document === document && stored.holder === undefined);
    const newest = free.reduce<Stored | undefined>(
      (a, b) => (a === undefined || b.touched > a.touched ? b : a),
      undefined,
    );
    return newest && this.#hold(newest);
  }

  async create(document: string, client: string): Promise<Journal> {
    if (this.fault !== undefined) throw new OfflineStoreError(this.fault, "as the test wants it");
    if (this.journals.some((stored) => stored.document === document && stored.client === client)) {
      throw new Error(`a second journal of ${client}`);
    }
    const stored: Stored = { document, client, snapshot: undefined, entries: [], holder: undefined, touched: 0 };
    this.journals.push(stored);
    return this.#hold(stored);
  }

  async documents(): Promise<readonly string[]> {
    const newestFirst = [...this.journals].sort((a, b) => b.touched - a.touched);
    return [...new Set(newestFirst.map(({ document }) => document))];
  }

  #hold(stored: Stored): Journal {
    const life = this.#life;
    stored.holder = life;
    stored.touched = ++this.#time;
    const write = (change: () => void): Promise<void> =>
      new Promise((resolve, reject) => {
        const carryOut = (): void => {
          if (this.#life !== life) return;
          if (this.fault !== undefined) {
            reject(new OfflineStoreError(this.fault, "as the test wants it"));
            return;
          }
          if (!this.journals.includes(stored)) throw new Error("a write to a journal that was deleted");
          change();
          stored.touched = ++this.#time;
          resolve();
        };
        if (this.manual) this.#waiting.push(carryOut);
        else carryOut();
      });
    return {
      document: stored.document,
      client: stored.client,
      read: async (): Promise<JournalContent> => ({ snapshot: stored.snapshot, entries: stored.entries }),
      append: (entries) =>
        write(() => {
          stored.entries = [...stored.entries, ...entries];
        }),
      compact: (snapshot) =>
        write(() => {
          stored.snapshot = snapshot;
          stored.entries = [];
        }),
      delete: () =>
        write(() => {
          this.journals.splice(this.journals.indexOf(stored), 1);
        }),
      release: () => {
        if (this.#life === life) stored.holder = undefined;
      },
    };
  }
}
