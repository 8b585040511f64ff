import type { Cancel, Clock } from "@tutti/protocol";
import { inTime } from "./in-time.js";
import type { Journal, OfflineStoreError } from "./offline-store.js";
import { joinEntries } from "./snapshot.js";

export interface JournalWriterEvents {
  /** More is durable than before. */
  progressed(): void;
  /** Nothing more is written, until `compact` is called again. */
  failed(error: OfflineStoreError): void;
}

/** How long a write may take, in milliseconds. */
const PATIENCE = 5000;
/** What is not urgent waits so long for company, in milliseconds. */
const LAZY_DELAY = 500;
/** Steps of a snapshot at a time (about a millisecond), and the pause between, in milliseconds, for others to work. */
const SLICE = 2;
const SLICE_PAUSE = 4;

/** A snapshot that is being made. */
interface Snapshot {
  readonly slices: Iterator<void, Uint8Array[], void>;
  /** All entries, when it is made. */
  made: Uint8Array[] | undefined;
  /** What was added since the state that it shows. */
  readonly tail: Uint8Array[];
  readonly next: { cancel: Cancel | undefined };
}

/**
 * Writes the entries of one journal in their order, one write at a time; what comes meanwhile goes together. Nothing of
 * it happens before the caller has returned: a keystroke never waits for storage.
 *
 * A journal is written to only behind a snapshot that is whole (`based`): a new one, a damaged one, and one of which a
 * write failed get a snapshot first.
 */
export class JournalWriter {
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #events: JournalWriterEvents;
  #queue: Uint8Array[] = [];
  #snapshot: Snapshot | undefined;
  /** What is added goes behind a snapshot that is whole, or will be when the write under way is done. */
  #based: boolean;
  #sound: boolean;
  #added = 0;
  #durable = 0;
  #bytes: number;
  #entries: number;
  #writing = false;
  #scheduled = false;
  #lazy: Cancel | undefined;
  #idle: (() => void)[] = [];

  /** @param existing what the journal holds behind its snapshot; undefined: it needs a snapshot first */
  constructor(
    journal: Journal,
    clock: Clock,
    events: JournalWriterEvents,
    existing: { readonly bytes: number; readonly entries: number } | undefined,
  ) {
    this.#journal = journal;
    this.#clock = clock;
    this.#events = events;
    this.#based = existing !== undefined;
    this.#sound = this.#based;
    this.#bytes = existing?.bytes ?? 0;
    this.#entries = existing?.entries ?? 0;
  }

  /** The journal is whole: what is added becomes durable soon. */
  get sound(): boolean {
    return this.#sound;
  }

  /** Entries added so far, and how many of them, from the first on, are durable. */
  get added(): number {
    return this.#added;
  }

  get durable(): number {
    return this.#durable;
  }

  /** Of what is behind the newest snapshot. */
  get size(): { readonly bytes: number; readonly entries: number } {
    return { bytes: this.#bytes, entries: this.#entries };
  }

  get compacting(): boolean {
    return this.#snapshot !== undefined;
  }

  /** @param urgent false: it may wait a little for others */
  add(entry: Uint8Array, urgent: boolean): void {
    this.#added += 1;
    this.#bytes += entry.length;
    this.#entries += 1;
    this.#snapshot?.tail.push(entry);
    if (!this.#based) return;
    this.#queue.push(entry);
    if (urgent) this.#soon();
    else this.#lazy ??= this.#clock.schedule(LAZY_DELAY, () => this.#soon());
  }

  /** A snapshot of the state as it is now takes the place of all there is. @param slices as of `snapshotEntries` */
  compact(slices: Iterator<void, Uint8Array[], void>): void {
    this.#snapshot?.next.cancel?.();
    this.#snapshot = { slices, made: undefined, tail: [], next: { cancel: undefined } };
    this.#bytes = 0;
    this.#entries = 0;
    this.#slice(this.#snapshot);
  }

  /** What was written leads nowhere any more; it stays, but nothing is added to it before there is a new snapshot. */
  invalidate(): void {
    this.#queue = [];
    this.#based = false;
    this.#sound = false;
  }

  /** Resolves when nothing is left to write, or nothing can be written; without pauses. */
  async drained(): Promise<void> {
    if (this.#snapshot !== undefined) this.#hurry(this.#snapshot);
    this.#soon();
    if (this.#busy) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Gives up what is not written yet. */
  stop(): void {
    this.#lazy?.();
    this.#snapshot?.next.cancel?.();
    this.#snapshot = undefined;
    this.invalidate();
    this.#settle();
  }

  get #busy(): boolean {
    return this.#writing || this.#snapshot !== undefined || this.#queue.length > 0;
  }

  #slice(snapshot: Snapshot): void {
    for (let step = 0; step < SLICE && snapshot.made === undefined; step += 1) advance(snapshot);
    if (snapshot.made !== undefined) this.#soon();
    else snapshot.next.cancel = this.#clock.schedule(SLICE_PAUSE, () => this.#slice(snapshot));
  }

  /** Where the journal is whole anyway, a snapshot only saves space. */
  #hurry(snapshot: Snapshot): void {
    snapshot.next.cancel?.();
    if (this.#sound) this.#snapshot = undefined;
    else while (snapshot.made === undefined) advance(snapshot);
  }

  #soon(): void {
    this.#lazy?.();
    this.#lazy = undefined;
    if (this.#scheduled || this.#writing) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      void this.#write();
    });
  }

  /** Never rejects. */
  async #write(): Promise<void> {
    this.#writing = true;
    try {
      for (let next = this.#next(); next !== undefined; next = this.#next()) {
        const reached = this.#added;
        await inTime(this.#clock, PATIENCE, next());
        this.#durable = reached;
        this.#sound = this.#based;
        this.#events.progressed();
      }
    } catch (error) {
      this.stop();
      this.#events.failed(error as OfflineStoreError);
    }
    this.#writing = false;
    if (this.#snapshot?.made !== undefined) this.#soon();
    this.#settle();
  }

  #next(): (() => Promise<void>) | undefined {
    const snapshot = this.#snapshot;
    const entries = this.#queue;
    if (snapshot?.made !== undefined) {
      const bytes = joinEntries([...snapshot.made, ...snapshot.tail]);
      this.#snapshot = undefined;
      this.#based = true;
      this.#queue = [];
      return () => this.#journal.compact(bytes);
    }
    if (entries.length === 0) return undefined;
    this.#queue = [];
    return () => this.#journal.append(entries);
  }

  #settle(): void {
    if (this.#busy) return;
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  }
}

function advance(snapshot: Snapshot): void {
  const { value, done } = snapshot.slices.next();
  if (done) snapshot.made = value;
}
