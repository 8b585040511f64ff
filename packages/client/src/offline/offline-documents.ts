import type { Clock } from "@tutti/protocol";
import { Replica } from "../document/replica.js";
import type { DocumentDetails } from "./details.js";
import { inTime } from "./in-time.js";
import { type Journal, type JournalContent, type OfflineStore, OfflineStoreError } from "./offline-store.js";
import { Outbox, type OutboxEvents } from "./outbox.js";
import { type Restoration, restoreReplica } from "./restoring.js";

/** How long a person waits for storage when a document is opened, in milliseconds; then it goes on without. */
const PATIENCE = 3000;

export interface OfflineOptions {
  readonly store: OfflineStore;
  readonly clock: Clock;
  /** Documents that are kept for the next time, beyond those with pending edits. */
  readonly documents: number;
}

/** A document's outbox, and what its replica was restored to; undefined: nothing was stored. */
export interface Reopened {
  readonly outbox: Outbox;
  readonly details: DocumentDetails | undefined;
}

/** A journal of an earlier tab, and the replica as that tab left it. */
export interface Orphan {
  readonly replica: Replica;
  readonly outbox: Outbox;
}

/** The documents of a client on its device: which journal belongs to which, and which may go. */
export class OfflineDocuments {
  readonly #options: OfflineOptions;
  /** Resolves when the newest handle of a document has left its journal: only then the next one may look for one. */
  readonly #free = new Map<string, Promise<void>>();
  readonly #departures = new Map<Outbox, () => void>();
  /** What lets journals go that stay held while their document is open, so that nobody is offered them again. */
  readonly #setAside = new Map<string, (() => void)[]>();

  constructor(options: OfflineOptions) {
    this.#options = options;
  }

  /**
   * Gives a document its journal: one that nobody holds, with what is in it, or a new one. A new one begins with what
   * another living tab knows of the server, so that the document opens without network there too (C3). Never rejects.
   * @param replica a new one; becomes what it was
   */
  async open(document: string, replica: Replica, events: OutboxEvents): Promise<Reopened> {
    const outbox = this.#outboxOf(document, replica, events);
    const before = this.#free.get(document);
    this.#free.set(document, new Promise((resolve) => this.#departures.set(outbox, resolve)));
    await before;
    try {
      const [journal, found] = await this.#newestKept(document, replica, outbox, events);
      if (found?.kind === "restored") return { outbox, details: found.details };
      if (found?.kind === "empty" && journal) replica.restore({ ...replica.state, client: journal.client });
      const details = await this.#borrow(document, replica);
      if (details !== undefined) outbox.know(details);
      void outbox.begin(found?.kind === "empty" ? journal : undefined);
      return { outbox, details };
    } catch (error) {
      outbox.fail(error as OfflineStoreError);
    }
    return { outbox, details: undefined };
  }

  /** The newest journal that something can be restored from; a tab that died early has left an empty one in front of it. */
  async #newestKept(document: string, replica: Replica, outbox: Outbox, events: OutboxEvents) {
    let empty: Journal | undefined;
    for (;;) {
      const journal = await this.#claim(document);
      if (journal === undefined) return [empty, empty && ({ kind: "empty" } as const)] as const;
      const found = await this.#restore(document, journal, replica, outbox, events);
      if (found.kind !== "unreadable") void empty?.delete().catch(() => undefined);
      if (found.kind === "restored") return [journal, found] as const;
      if (found.kind === "empty") empty = journal;
    }
  }

  /** The handle was closed; what is stored stays, unless `forget`. Never rejects. */
  async leave(document: string, outbox: Outbox, forget = false): Promise<void> {
    await (forget ? outbox.delete() : outbox.close());
    for (const release of this.#setAside.get(document) ?? []) release();
    this.#setAside.delete(document);
    this.#departures.get(outbox)?.();
    this.#departures.delete(outbox);
  }

  /**
   * The next journal of an earlier tab that has pending edits; those without are deleted on the way. The caller delivers
   * it and deletes it, or sets it aside.
   * @param make makes the replica of an author
   * @throws OfflineStoreError
   */
  async nextOrphan(
    document: string,
    make: (client: string) => Replica,
    events: OutboxEvents,
  ): Promise<Orphan | undefined> {
    for (;;) {
      const journal = await this.#claim(document);
      if (journal === undefined) return undefined;
      const replica = make(journal.client);
      const outbox = this.#outboxOf(document, replica, events);
      const { kind } = await this.#restore(document, journal, replica, outbox, events);
      if (kind === "restored" && !replica.synchronised) return { replica, outbox };
      if (kind === "restored") await outbox.delete();
      else if (kind === "empty") await journal.delete();
    }
  }

  /** The journal stays as it is, and held while the document is open. */
  setAside(document: string, release: () => void): void {
    const others = this.#setAside.get(document) ?? [];
    this.#setAside.set(document, [...others, release]);
  }

  /** Deletes the oldest documents beyond the number that is kept, but none with pending edits. @throws OfflineStoreError */
  async tidy(): Promise<void> {
    const documents = await this.#options.store.documents();
    for (const document of documents.slice(this.#options.documents).reverse()) {
      const journal = await this.#claim(document);
      if (journal === undefined) continue;
      const replica = new Replica(journal.client);
      const { kind } = restoreReplica(replica, await this.#read(journal));
      if (kind === "unreadable" || !replica.synchronised) journal.release();
      else await journal.delete();
    }
  }

  #outboxOf(document: string, replica: Replica, events: OutboxEvents): Outbox {
    const { clock, store } = this.#options;
    return new Outbox({ replica, clock, events, create: () => store.create(document, replica.client) });
  }

  /**
   * Takes what is the server's from the journal of another tab. What is pending there is left to that tab: under a second
   * client it would reach the server twice (S2).
   * @param replica a new one; left as it was where nothing can be taken
   */
  async #borrow(document: string, replica: Replica): Promise<DocumentDetails | undefined> {
    const { clock, store } = this.#options;
    // Nothing depends on it: what can't be read there comes from the server. Storage that does not work is told anyway.
    const content = await inTime(clock, PATIENCE, store.peek(document)).catch(() => undefined);
    if (content === undefined) return undefined;
    const theirs = replica.another(replica.client);
    const found = restoreReplica(theirs, content);
    if (found.kind !== "restored") return undefined;
    const { base, version, identicalInserts } = theirs;
    replica.restore({ ...replica.state, base, version, identicalInserts });
    return found.details;
  }

  /** @param outbox adopts the journal where something can be restored from it; what can't be read is set aside */
  async #restore(
    document: string,
    journal: Journal,
    replica: Replica,
    outbox: Outbox,
    events: OutboxEvents,
  ): Promise<Restoration> {
    const content = await this.#readable(journal, events);
    const found: Restoration = content ? restoreReplica(replica, content) : { kind: "unreadable" };
    if (found.kind === "unreadable") this.setAside(document, () => journal.release());
    if (content && found.kind === "unreadable") events.failed(damaged("what was stored of the document can't be read"));
    if (content && found.kind === "restored") {
      const bytes = content.entries.reduce((sum, entry) => sum + entry.length, 0);
      outbox.adopt({ journal, whole: !found.cut, bytes, entries: content.entries.length }, found.details);
      if (found.cut) events.failed(damaged("the newest of what was stored of the document can't be read"));
    }
    return found;
  }

  /** @returns undefined where it can't be read; that was told then */
  async #readable(journal: Journal, events: OutboxEvents): Promise<JournalContent | undefined> {
    try {
      return await this.#read(journal);
    } catch (error) {
      events.failed(error as OfflineStoreError);
      return undefined;
    }
  }

  #claim(document: string): Promise<Journal | undefined> {
    const { clock, store } = this.#options;
    return inTime(clock, PATIENCE, store.claim(document), (late) => late?.release());
  }

  #read(journal: Journal): Promise<JournalContent> {
    return inTime(this.#options.clock, PATIENCE, journal.read());
  }
}

const damaged = (message: string) => new OfflineStoreError("damaged", message);
