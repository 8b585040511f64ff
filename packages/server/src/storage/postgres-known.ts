import type { KnownDocument } from "./postgres-append-plan.js";
import { type DocumentRow, fromDocumentRow } from "./sqlite-rows.js";

/** Documents in memory at most; a forgotten one costs one more round trip at its next append. */
const MOST = 10_000;

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

  /** @throws StoreError `damaged` */
  read(row: DocumentRow, packedSequences: ReadonlyMap<string, number> = new Map()): KnownDocument {
    const known = { state: fromDocumentRow(row), row, packedSequences };
    this.set(known);
    return known;
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
