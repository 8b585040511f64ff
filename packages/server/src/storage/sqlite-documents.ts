import type { Database, Statement } from "better-sqlite3";
import {
  asUtf8,
  type DocumentRow,
  type DocumentState,
  fromDocumentRow,
  moderatedRecord,
  toDocumentRow,
} from "./rows.js";
import { type DocumentRecord, StoreError } from "./store.js";

/** Tables with rows of a document, in an order in which they can be deleted; audit records stay. */
const TABLES_OF_A_DOCUMENT = [
  "operations",
  "segments",
  "clients",
  "snapshots",
  "chunks",
  "named_versions",
  "permissions",
] as const;

/** Records, epochs and the trash: the calls of `DocumentStore`, and `claim`. */
export class SqliteDocuments {
  readonly #sql: Statements;
  readonly #update: (
    id: string,
    change: (state: DocumentState) => DocumentState | undefined,
  ) => DocumentState | undefined;
  readonly #purge: (id: string) => boolean;

  constructor(connection: Database) {
    this.#sql = prepare(connection);
    this.#update = connection.transaction((id: string, change: (state: DocumentState) => DocumentState | undefined) => {
      const state = this.find(id);
      const changed = state && change(state);
      if (changed !== undefined) this.#sql.update.run(toDocumentRow(changed));
      return changed;
    }).immediate;
    const emptied = TABLES_OF_A_DOCUMENT.map((table) => connection.prepare(`DELETE FROM ${table} WHERE document = ?`));
    this.#purge = connection.transaction((id: string) => {
      if (this.find(id)?.record.trashed === undefined) return false;
      for (const statement of emptied) statement.run(id);
      return this.#sql.delete.run(id).changes > 0;
    }).immediate;
  }

  find(id: string): DocumentState | undefined {
    const row = this.#sql.one.get(id);
    return row === undefined ? undefined : fromDocumentRow(row);
  }

  /** To be called in a transaction. */
  save(state: DocumentState): void {
    this.#sql.update.run(toDocumentRow(state));
  }

  /** @throws StoreError `unknown_document` */
  existing(id: string): DocumentState {
    const state = this.find(id);
    if (state === undefined) throw unknownDocument(id);
    return state;
  }

  create(record: DocumentRecord): void {
    const { changes } = this.#sql.insert.run(toDocumentRow({ record, epoch: 0, version: 0, packed: 0 }));
    if (changes === 0) throw new StoreError("exists", `document ${record.id} exists already`);
  }

  newest(limit: number): readonly DocumentRecord[] {
    return this.#sql.newest.all(rowLimit(limit)).map((row) => fromDocumentRow(row).record);
  }

  inTrash(createdBy: string, limit: number): readonly DocumentRecord[] {
    return this.#sql.inTrash.all(asUtf8(createdBy), rowLimit(limit)).map((row) => fromDocumentRow(row).record);
  }

  all(after: string | undefined, limit: number): readonly DocumentRecord[] {
    return this.#sql.all.all(after ?? null, rowLimit(limit)).map((row) => fromDocumentRow(row).record);
  }

  count(createdBy: string): number {
    return this.#sql.count.get(asUtf8(createdBy))?.documents ?? 0;
  }

  rename(id: string, title: string, time: number): boolean {
    const renamed = this.#update(id, (state) => ({ ...state, record: touched({ ...state.record, title }, time) }));
    return renamed !== undefined;
  }

  moderate(id: string, moderated: boolean): boolean {
    return this.#update(id, (state) => ({ ...state, record: moderatedRecord(state.record, moderated) })) !== undefined;
  }

  claim(id: string): number {
    const claimed = this.#update(id, (state) => {
      return state.record.trashed === undefined ? { ...state, epoch: state.epoch + 1 } : undefined;
    });
    if (claimed === undefined) throw unknownDocument(id);
    return claimed.epoch;
  }

  trash(id: string, by: string, time: number): boolean {
    const trashed = this.#update(id, (state) => {
      if (state.record.trashed !== undefined) return undefined;
      return { ...state, epoch: state.epoch + 1, record: { ...state.record, trashed: { at: time, by } } };
    });
    return trashed !== undefined;
  }

  restore(id: string): boolean {
    const restored = this.#update(id, (state) => {
      const { trashed, ...record } = state.record;
      return trashed && { ...state, record };
    });
    return restored !== undefined;
  }

  purge(id: string): boolean {
    return this.#purge(id);
  }
}

/** The record after a change at a time; time never goes back. */
export function touched(record: DocumentRecord, time: number): DocumentRecord {
  return { ...record, updatedAt: Math.max(record.updatedAt, time) };
}

export function unknownDocument(id: string): StoreError {
  return new StoreError("unknown_document", `there is no document ${id}`);
}

/** SQLite takes whole numbers only, and a negative one for "no limit". */
export const rowLimit = (limit: number): number => Math.min(Math.max(0, Math.floor(limit)), Number.MAX_SAFE_INTEGER);

interface Statements {
  readonly insert: Statement<[DocumentRow]>;
  readonly update: Statement<[DocumentRow]>;
  readonly delete: Statement<[string]>;
  readonly one: Statement<[string], DocumentRow>;
  readonly newest: Statement<[number], DocumentRow>;
  readonly inTrash: Statement<[string, number], DocumentRow>;
  readonly all: Statement<[string | null, number], DocumentRow>;
  readonly count: Statement<[string], { readonly documents: number }>;
}

function prepare(connection: Database): Statements {
  return {
    insert: connection.prepare(`
      INSERT INTO documents
        (id, title, kind, identical_inserts, created_by, created_at, updated_at, epoch, version, trashed_at,
         trashed_by, packed, moderated, row_checksum)
      VALUES
        (@id, @title, @kind, @identical_inserts, @created_by, @created_at, @updated_at, @epoch, @version, @trashed_at,
         @trashed_by, @packed, @moderated, @row_checksum)
      ON CONFLICT (id) DO NOTHING`),
    update: connection.prepare(`
      UPDATE documents SET
        title = @title, updated_at = @updated_at, epoch = @epoch, version = @version, trashed_at = @trashed_at,
        trashed_by = @trashed_by, packed = @packed, moderated = @moderated, row_checksum = @row_checksum
      WHERE id = @id`),
    delete: connection.prepare("DELETE FROM documents WHERE id = ?"),
    one: connection.prepare("SELECT * FROM documents WHERE id = ?"),
    newest: connection.prepare(`
      SELECT * FROM documents WHERE trashed_at IS NULL ORDER BY updated_at DESC, id LIMIT ?`),
    inTrash: connection.prepare(`
      SELECT * FROM documents WHERE created_by = ? AND trashed_at IS NOT NULL ORDER BY trashed_at DESC, id LIMIT ?`),
    all: connection.prepare("SELECT * FROM documents WHERE id > ifnull(?, '') ORDER BY id LIMIT ?"),
    count: connection.prepare("SELECT count(*) AS documents FROM documents WHERE created_by = ?"),
  };
}
