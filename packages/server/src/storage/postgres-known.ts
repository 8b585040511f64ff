import type { HeadChange, KnownDocument } from "./postgres-append-plan.js";
import { type DocumentRow, fromDocumentRow } from "./rows.js";

/** Documents in memory at most; a forgotten one costs one more round trip at its next append. */
const MOST = 10_000;
/** Clients of one document in memory at about which they are read anew. */
const MOST_CLIENTS = 10_000;

/**
 * The rows of documents as this process saw them last. Nothing relies on them being true: every write names the row
 * that it takes the place of, and does nothing when there is another by now.
 */
export class KnownDocuments {
  readonly #documents = new Map<string, KnownDocument>();
  readonly #most: number;

  constructor(most: number = MOST) {
    this.#most = most;
  }

  get(id: string): KnownDocument | undefined {
    return this.#documents.get(id);
  }

  /**
   * What was read of a document.
   * @param sequences of some clients, read after the row
   * @throws StoreError `damaged`
   */
  read(row: DocumentRow, sequences: ReadonlyMap<string, number> = new Map()): KnownDocument {
    const before = this.#documents.get(row.id);
    // Only an append changes where clients are, and each append makes another row.
    const kept = before !== undefined && isSame(before.row, row) ? before.sequences : [];
    const known = { state: fromDocumentRow(row), row, sequences: new Map([...kept, ...sequences]) };
    this.set(known);
    return known;
  }

  /** What was written to a document that it was known of. */
  wrote({ before, state, after: row, clients }: HeadChange): void {
    const known = this.#documents.get(before.id);
    const sequences = known !== undefined && isSame(known.row, before) ? known.sequences : new Map<string, number>();
    for (const [client, { sequence }] of clients) sequences.set(client, sequence);
    if (sequences.size > MOST_CLIENTS) sequences.clear();
    this.set({ state, row, sequences });
  }

  set(known: KnownDocument): void {
    // Moved to the end: the first one is the one that was not written to for the longest time.
    this.#documents.delete(known.row.id);
    this.#documents.set(known.row.id, known);
    const [oldest] = this.#documents.keys();
    if (this.#documents.size > this.#most && oldest !== undefined) this.#documents.delete(oldest);
  }

  forget(id: string): void {
    this.#documents.delete(id);
  }
}

const isSame = (a: DocumentRow, b: DocumentRow): boolean =>
  a.epoch === b.epoch && a.version === b.version && a.updated_at === b.updated_at && a.row_checksum === b.row_checksum;
