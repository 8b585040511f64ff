import {
  type Journal,
  type JournalContent,
  type OfflineStore,
  OfflineStoreError,
  type OfflineStoreErrorCode,
} from "../../src/offline/index.js";

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
 * A device's storage for tests. Each tab has its own view of it; writes are carried out when the test lets them, and
 * when a tab crashes, its writes that wait are forgotten, and whatever it still does is without effect.
 */
export class MemoryOfflineStore {
  readonly journals: Stored[] = [];
  /** What every write is answered with instead of being carried out. */
  fault: OfflineStoreErrorCode | undefined;
  /** Writes wait for `step`. */
  manual = false;
  #waiting: { readonly tab: number; readonly carryOut: () => void }[] = [];
  #tabs = 0;
  readonly #dead = new Set<number>();
  #time = 0;

  /** The oldest write that waits is carried out. @returns false when there is none */
  step(): boolean {
    const next = this.#waiting.shift();
    next?.carryOut();
    return next !== undefined;
  }

  /** The storage as a new tab sees it; `crash` ends the tab. */
  tab(): { readonly store: OfflineStore; crash(): void } {
    this.#tabs += 1;
    const tab = this.#tabs;
    const living = <T>(act: () => Promise<T>): Promise<T> =>
      this.#dead.has(tab) ? new Promise(() => undefined) : act();
    const store: OfflineStore = {
      claim: (document) => living(() => this.#claim(document, tab)),
      peek: (document) => living(() => this.#peek(document)),
      create: (document, client) => living(() => this.#create(document, client, tab)),
      documents: () => living(() => this.#documents()),
    };
    return { store, crash: () => this.#crash(tab) };
  }

  #crash(tab: number): void {
    this.#dead.add(tab);
    this.#waiting = this.#waiting.filter((write) => write.tab !== tab);
    for (const stored of this.journals) if (stored.holder === tab) stored.holder = undefined;
  }

  async #claim(document: string, tab: number): Promise<Journal | undefined> {
    const newest = this.#newestFirst.find((stored) => stored.document === document && stored.holder === undefined);
    return newest && this.#hold(newest, tab);
  }

  async #peek(document: string): Promise<JournalContent | undefined> {
    const newest = this.#newestFirst.find((stored) => stored.document === document && stored.snapshot !== undefined);
    return newest && { snapshot: newest.snapshot, entries: newest.entries };
  }

  async #create(document: string, client: string, tab: number): Promise<Journal> {
    if (this.fault !== undefined) throw new OfflineStoreError(this.fault, "as the test wants it");
    if (this.journals.some((stored) => stored.document === document && stored.client === client)) {
      throw new Error(`a second journal of ${client}`);
    }
    const stored: Stored = {
      document,
      client,
      snapshot: undefined,
      entries: [],
      holder: undefined,
      touched: ++this.#time,
    };
    this.journals.push(stored);
    return this.#hold(stored, tab);
  }

  async #documents(): Promise<readonly string[]> {
    return [...new Set(this.#newestFirst.map(({ document }) => document))];
  }

  get #newestFirst(): readonly Stored[] {
    return [...this.journals].sort((a, b) => b.touched - a.touched);
  }

  #write(stored: Stored, tab: number, change: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const carryOut = (): void => {
        if (this.#dead.has(tab)) return;
        if (this.fault !== undefined) {
          reject(new OfflineStoreError(this.fault, "as the test wants it"));
          return;
        }
        if (!this.journals.includes(stored)) throw new Error("a write to a journal that was deleted");
        if (stored.holder !== tab) throw new Error("a write to a journal that another tab holds");
        change();
        stored.touched = ++this.#time;
        resolve();
      };
      if (this.manual) this.#waiting.push({ tab, carryOut });
      else carryOut();
    });
  }

  #hold(stored: Stored, tab: number): Journal {
    stored.holder = tab;
    const write = (change: () => void): Promise<void> => this.#write(stored, tab, change);
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
        if (stored.holder === tab) stored.holder = undefined;
      },
    };
  }
}
