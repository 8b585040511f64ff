import type { DocumentRecord, Store, StoredOperation } from "../storage/store.js";
import { StoreError } from "../storage/store.js";
import { type BackupReader, type BackupSummary, readBackup } from "./read-backup.js";

/**
 * Writes everything that a backup holds into an empty store: the same ids, versions, authors, sequences and times.
 *
 * @throws StoreError `exists` when the store has one of the documents; `damaged` for the backup. What was written until
 *   then stays: the caller throws the store away
 */
export function restoreBackup(
  lines: AsyncIterable<string>,
  store: Store,
  progress?: (documents: number, operations: number) => void,
): Promise<BackupSummary> {
  return readBackup(lines, new Restorer(store), progress);
}

class Restorer implements BackupReader {
  readonly #store: Store;
  #epoch = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  async document(record: DocumentRecord): Promise<void> {
    await this.#store.createDocument(record);
    this.#epoch = await this.#store.claim(record.id);
  }

  async operations(document: string, operations: readonly StoredOperation[]): Promise<void> {
    const [outcome] = await this.#store.append([{ document, epoch: this.#epoch, operations }]);
    if (outcome !== "stored") throw new StoreError("unavailable", `document ${document}: the store says ${outcome}`);
  }

  async end(): Promise<void> {
    // Nothing is left to write: snapshots follow from the operations, at the first opening.
  }
}
