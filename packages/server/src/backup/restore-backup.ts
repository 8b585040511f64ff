import type { Document } from "@tutti/ot";
import { writeSnapshot } from "../snapshots/write-snapshot.js";
import {
  type AuditEntry,
  type DocumentRecord,
  type NamedVersion,
  type NewOperation,
  type Store,
  StoreError,
} from "../storage/store.js";
import { type BackupReader, type BackupSummary, readBackup } from "./read-backup.js";

/**
 * Writes everything that a backup holds into an empty store: the same ids, versions, authors, sequences and times, and a
 * snapshot of each newest version.
 *
 * @param time of those snapshots, in milliseconds since 1970
 * @throws StoreError `exists` when the store has one of the documents; `damaged` for the backup. What was written until
 *   then stays: the caller throws the store away
 */
export function restoreBackup(
  lines: AsyncIterable<string>,
  store: Store,
  time: number,
  progress?: (documents: number, operations: number) => void,
): Promise<BackupSummary> {
  return readBackup(lines, new Restorer(store, time), progress);
}

class Restorer implements BackupReader {
  readonly #store: Store;
  readonly #time: number;
  #epoch = 0;

  constructor(store: Store, time: number) {
    this.#store = store;
    this.#time = time;
  }

  async document({ trashed: _later, ...record }: DocumentRecord): Promise<void> {
    await this.#store.createDocument(record);
    this.#epoch = await this.#store.claim(record.id);
  }

  async operations(document: string, operations: readonly NewOperation[]): Promise<void> {
    const [outcome] = await this.#store.append([{ document, epoch: this.#epoch, operations }]);
    if (outcome !== "stored") throw new StoreError("unavailable", `document ${document}: the store says ${outcome}`);
  }

  name(document: string, named: NamedVersion): Promise<void> {
    return this.#store.nameVersion(document, named);
  }

  role(document: string, user: string, role: string): Promise<void> {
    return this.#store.setRole(document, user, role);
  }

  async end({ id, trashed }: DocumentRecord, version: number, content: Document): Promise<void> {
    if (version > 0) await writeSnapshot(this.#store, { document: id, version, content, time: this.#time });
    // Nothing can be written to a document that is in the trash.
    if (trashed !== undefined) await this.#store.trashDocument(id, trashed.by, trashed.at);
  }

  audit(entry: AuditEntry): Promise<void> {
    return this.#store.audit([entry]);
  }
}
