import type { IdenticalInserts, Operation } from "@tutti/ot";
import type { Cancel, Clock } from "@tutti/protocol";
import type { Commit, Flight, Replica, ReplicaObserver } from "../document/replica.js";
import type { DocumentDetails } from "./details.js";
import { inTime } from "./in-time.js";
import { encodeEntry, type JournalEntry } from "./journal-entry.js";
import { JournalWriter } from "./journal-writer.js";
import type { Journal, OfflineStoreError } from "./offline-store.js";
import { snapshotEntries } from "./snapshot.js";

export interface OutboxEvents {
  /** What is durable, or `stored`, is not as before. */
  changed(): void;
  /** Storage does not do what it should; what is typed is kept in memory. */
  failed(error: OfflineStoreError): void;
}

export interface OutboxOptions {
  readonly replica: Replica;
  readonly clock: Clock;
  readonly events: OutboxEvents;
  /** Makes the journal of the replica's client, where there is none (any more). */
  readonly create: () => Promise<Journal>;
}

/** A journal that was read, and how large it is behind its snapshot; `whole` false: it has to be written anew. */
export interface ReadJournal {
  readonly journal: Journal;
  readonly whole: boolean;
  readonly bytes: number;
  readonly entries: number;
}

/** A journal outgrows its snapshot when it is longer than the content, and than this (bytes) … */
const SHORTEST_JOURNAL = 65_536;
/** … or when repeating so many steps would take too long at the next start. */
const MOST_ENTRIES = 5000;
/** With edits pending it may be so many times as long: putting them into a snapshot composes them, which takes a while. */
const PENDING_FACTOR = 4;
/** A journal that has outgrown its snapshot gets a new one so much later (ms): not on the way of a keystroke. */
const COMPACTION_DELAY = 200;
/** How long a journal may take to come or go, in milliseconds. */
const PATIENCE = 2000;
/** Until storage that failed is tried again, in milliseconds. */
const RETRY = 30_000;

/** "kept": the journal is there, as it was; "parting": it is being deleted; "parted": it is out of the way. */
interface Failure {
  state: "kept" | "parting" | "parted";
  readonly retry: Cancel | undefined;
}

/**
 * Keeps what happens to one replica in a journal, so that a later tab can go on where this one ended (C3).
 *
 * The one rule behind it: what is in flight leaves only when the entry that put it in flight is durable (`mayLeave`). So
 * whatever part of the journal is left after a crash, it knows everything that the server may have from this client,
 * under the sequence under which the server has it; the rest is the server's answer to `open`.
 *
 * Where storage fails, that can't be promised any more. Then what is typed goes to the server from memory, but the
 * journal, which knows less than the server by then, is deleted first: nobody may send again what it still holds.
 */
export class Outbox implements ReplicaObserver {
  readonly #options: OutboxOptions;
  #details: DocumentDetails = { kind: "rich", title: "", role: undefined, identicalInserts: "merge" };
  #journal: Journal | undefined;
  #writer: JournalWriter | undefined;
  /** Entries when the newest operation was put in flight. */
  #flight = 0;
  /** Storage failed, and has not worked since. */
  #failure: Failure | undefined;
  /** There is something to write: the content came. */
  #filled = false;
  #beginning: Promise<void> | undefined;
  #deleting: Promise<void> | undefined;
  #compaction: Cancel | undefined;
  #closed = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** What is typed now survives the end of this tab; a moment later, as storage is never waited for. */
  get stored(): boolean {
    return this.#writer !== undefined && this.#failure === undefined;
  }

  /** What is in flight may be sent. Where it may not, `changed` tells when to ask again. */
  get mayLeave(): boolean {
    if (this.#failure !== undefined) {
      if (this.#failure.state === "kept") void this.#part(this.#failure);
      return this.#failure.state === "parted";
    }
    return this.#writer?.sound === true && this.#writer.durable >= this.#flight;
  }

  /** From now on everything goes into this journal, from which the replica was restored. */
  adopt({ journal, whole, bytes, entries }: ReadJournal, details: DocumentDetails): void {
    this.#details = details;
    this.#filled = true;
    this.#use(journal, whole ? { bytes, entries } : undefined);
    this.#options.replica.observer = this;
    if (!whole) this.#compact();
  }

  /** The replica has content already, which no journal of its own holds: the one that begins now starts with it. */
  know(details: DocumentDetails): void {
    this.#details = details;
    this.#filled = true;
  }

  /**
   * From now on everything goes into a new journal. Nothing is in it before there is content. Never rejects.
   * @param empty one that is there already
   */
  begin(empty?: Journal): Promise<void> {
    this.#options.replica.observer = this;
    this.#beginning = this.#begin(empty);
    return this.#beginning;
  }

  /** Works on in memory, and tries again later. */
  fail(error: OfflineStoreError): void {
    if (this.#closed) return;
    const first = this.#failure === undefined;
    const { clock, events } = this.#options;
    // Where nothing may be stored, nothing will be later.
    const retry = error.code === "refused" ? undefined : clock.schedule(RETRY, () => void this.#retry());
    this.#failure = { state: this.#journal === undefined ? "parted" : (this.#failure?.state ?? "kept"), retry };
    if (first) events.failed(error);
    events.changed();
  }

  /** What the server says of the document. */
  describe(details: Omit<DocumentDetails, "identicalInserts">): void {
    const { kind, title, role } = this.#details;
    if (details.kind === kind && details.title === title && details.role === role) return;
    this.#details = { ...this.#details, ...details };
    this.#add({ kind: "details", details }, false);
  }

  edited(operation: Operation): void {
    this.#add({ kind: "edit", operation }, true);
  }

  putInFlight(flight: Flight): void {
    this.#add({ kind: "flight", flight }, true);
    this.#flight = this.#writer?.added ?? 0;
  }

  committed(change: Commit): void {
    this.#add({ kind: "commit", change }, false);
  }

  configured(identicalInserts: IdenticalInserts): void {
    this.#details = { ...this.#details, identicalInserts };
    this.#add({ kind: "details", details: { identicalInserts } }, false);
  }

  replaced(): void {
    this.#filled = true;
    this.#writer?.invalidate();
    if (this.#failure === undefined) this.#compact();
  }

  /** Resolves when all that was done up to now is durable here, or can't be. Never rejects. */
  async drained(): Promise<void> {
    await this.#beginning;
    await this.#writer?.drained();
  }

  /** Lets somebody else have the journal, as soon as everything is in it. Never rejects. */
  async close(): Promise<void> {
    await this.drained();
    if (this.#filled) this.#end()?.release();
    else await this.delete();
  }

  /** The journal goes; there is nothing in it that anybody needs. Never rejects. */
  async delete(): Promise<void> {
    await this.#beginning;
    try {
      await this.#end()?.delete();
    } catch {
      // It may come back as a journal without anything pending, and goes then.
    }
  }

  /** @returns the journal, if there is one */
  #end(): Journal | undefined {
    this.#closed = true;
    this.#options.replica.observer = undefined;
    this.#failure?.retry?.();
    this.#compaction?.();
    this.#writer?.stop();
    const journal = this.#journal;
    this.#journal = undefined;
    return journal;
  }

  async #begin(empty: Journal | undefined): Promise<void> {
    try {
      this.#use(empty ?? (await this.#created()), undefined);
      if (this.#filled) this.#compact();
      this.#options.events.changed();
    } catch (error) {
      this.fail(error as OfflineStoreError);
    }
  }

  #created(): Promise<Journal> {
    const { clock, create } = this.#options;
    return inTime(clock, PATIENCE, create(), (journal) => void journal.delete().catch(() => undefined));
  }

  #use(journal: Journal, existing: { readonly bytes: number; readonly entries: number } | undefined): void {
    const { clock } = this.#options;
    this.#journal = journal;
    const events = { progressed: () => this.#progressed(), failed: (error: OfflineStoreError) => this.fail(error) };
    this.#writer = new JournalWriter(journal, clock, events, existing);
    this.#flight = 0;
  }

  #progressed(): void {
    if (this.#writer?.sound) {
      this.#failure?.retry?.();
      this.#failure = undefined;
    }
    if (!this.#closed) this.#options.events.changed();
  }

  #add(entry: JournalEntry, urgent: boolean): void {
    const writer = this.#writer;
    if (writer === undefined) return;
    writer.add(encodeEntry(entry), urgent);
    if (this.#outgrown(writer)) this.#compaction ??= this.#options.clock.schedule(COMPACTION_DELAY, () => this.#tidy());
  }

  #tidy(): void {
    this.#compaction = undefined;
    if (this.#writer !== undefined && this.#outgrown(this.#writer)) this.#compact();
  }

  #outgrown(writer: JournalWriter): boolean {
    if (!writer.sound || writer.compacting) return false;
    const { replica } = this.#options;
    const { bytes, entries } = writer.size;
    const factor = replica.synchronised ? 1 : PENDING_FACTOR;
    return bytes > factor * Math.max(SHORTEST_JOURNAL, replica.base.length) || entries > factor * MOST_ENTRIES;
  }

  #compact(): void {
    this.#writer?.compact(snapshotEntries(this.#options.replica.state, this.#details));
  }

  /** The journal goes: from now on the server knows more than it does. */
  async #part(failure: Failure): Promise<void> {
    failure.state = "parting";
    this.#deleting = this.#deleteOrKeep();
    // What can't be written may well be impossible to delete. The server's `sequence` tells such a journal apart.
    await inTime(this.#options.clock, PATIENCE, this.#deleting).catch(() => undefined);
    failure.state = "parted";
    if (!this.#closed) this.#options.events.changed();
  }

  /** Never rejects. */
  async #deleteOrKeep(): Promise<void> {
    const [journal, writer] = [this.#journal, this.#writer];
    this.#journal = undefined;
    this.#writer = undefined;
    try {
      await journal?.delete();
    } catch {
      if (this.#closed) {
        journal?.release();
        return;
      }
      this.#journal = journal;
      this.#writer = writer;
    }
  }

  async #retry(): Promise<void> {
    await this.#deleting;
    if (this.#closed || this.#failure === undefined) return;
    if (this.#journal === undefined) await this.begin();
    else this.#compact();
  }
}
