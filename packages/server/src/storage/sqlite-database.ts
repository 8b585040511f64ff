import type { Database, Statement } from "better-sqlite3";
import {
  asUtf8,
  type DocumentRow,
  type DocumentState,
  damaged,
  fromDocumentRow,
  fromOperationRow,
  fromSnapshotRow,
  type OperationRow,
  type SnapshotRow,
  toDocumentRow,
  toOperationRow,
  toSnapshotRow,
} from "./sqlite-rows.js";
import {
  type Append,
  type AppendOutcome,
  type ClientPosition,
  type DocumentRecord,
  type Store,
  type StoredOperation,
  type StoredSnapshot,
  StoreError,
} from "./store.js";

/** An interface of promises as plain calls. */
export type Synchronous<T> = {
  [Name in keyof T]: T[Name] extends (...args: infer A) => Promise<infer R> ? (...args: A) => R : never;
};

/**
 * The store on one SQLite connection: each method of `Store` as a call that blocks, for the worker thread.
 * Errors are StoreError, or whatever SQLite throws (`toStoreError` tells them apart).
 */
export class SqliteDatabase implements Synchronous<Store> {
  readonly #connection: Database;
  readonly #sql: Statements;
  readonly #appendAll: (appends: readonly Append[]) => AppendOutcome[];
  readonly #store: (state: DocumentState, operations: readonly StoredOperation[]) => void;
  readonly #update: (id: string, change: (state: DocumentState) => DocumentState) => DocumentState | undefined;

  constructor(connection: Database) {
    this.#connection = connection;
    this.#sql = prepare(connection);
    this.#appendAll = connection.transaction((appends: readonly Append[]) =>
      appends.map((append) => this.#appendOne(append)),
    ).immediate;
    // Inside another transaction SQLite makes this one a savepoint: one append fails, the others stay.
    this.#store = connection.transaction((state: DocumentState, operations: readonly StoredOperation[]) => {
      for (const operation of operations) this.#sql.insertOperation.run(toOperationRow(state.record.id, operation));
      this.#sql.updateDocument.run(toDocumentRow(state));
    });
    this.#update = connection.transaction((id: string, change: (state: DocumentState) => DocumentState) => {
      const state = this.#find(id);
      if (state === undefined) return undefined;
      const changed = change(state);
      this.#sql.updateDocument.run(toDocumentRow(changed));
      return changed;
    }).immediate;
  }

  createDocument(record: DocumentRecord): void {
    const { changes } = this.#sql.insertDocument.run(toDocumentRow({ record, epoch: 0, version: 0 }));
    if (changes === 0) throw new StoreError("exists", `document ${record.id} exists already`);
  }

  document(id: string): DocumentRecord | undefined {
    return this.#find(id)?.record;
  }

  documents(limit: number): readonly DocumentRecord[] {
    return this.#sql.newestDocuments.all(rowLimit(limit)).map((row) => fromDocumentRow(row).record);
  }

  renameDocument(id: string, title: string, time: number): boolean {
    const renamed = this.#update(id, (state) => ({ ...state, record: touched({ ...state.record, title }, time) }));
    return renamed !== undefined;
  }

  claim(document: string): number {
    const claimed = this.#update(document, (state) => ({ ...state, epoch: state.epoch + 1 }));
    if (claimed === undefined) throw unknownDocument(document);
    return claimed.epoch;
  }

  append(appends: readonly Append[]): readonly AppendOutcome[] {
    return this.#appendAll(appends);
  }

  operations(document: string, after: number, upTo: number, limit: number): readonly StoredOperation[] {
    const start = Math.max(0, after);
    const end = Math.min(upTo, this.version(document), start + rowLimit(limit));
    const rows = this.#sql.operations.all(document, start, end);
    for (let version = start + 1; version <= end; version += 1) {
      // A row that vanished is damage too: versions have no gaps.
      const found = rows[version - start - 1]?.version;
      if (found !== version) throw damaged(`operation ${version} of document ${document}`);
    }
    return rows.map(fromOperationRow);
  }

  version(document: string): number {
    return this.#find(document)?.version ?? 0;
  }

  clientPosition(document: string, client: string): ClientPosition | undefined {
    const row = this.#sql.newestOfClient.get(document, asUtf8(client));
    if (row === undefined) return undefined;
    const { sequence, version, user } = fromOperationRow(row);
    return { sequence, version, user };
  }

  saveSnapshot(document: string, snapshot: StoredSnapshot): void {
    const row = toSnapshotRow(document, snapshot);
    if (this.#sql.saveSnapshot.run(row).changes === 0) throw unknownDocument(document);
  }

  snapshot(document: string, atMost: number): StoredSnapshot | undefined {
    const row = this.#sql.newestSnapshot.get(document, atMost);
    return row === undefined ? undefined : fromSnapshotRow(row);
  }

  close(): void {
    this.#connection.close();
  }

  #find(id: string): DocumentState | undefined {
    const row = this.#sql.document.get(id);
    return row === undefined ? undefined : fromDocumentRow(row);
  }

  /** The fence and the number: both are looked at in the transaction that stores the operations. */
  #appendOne({ document, epoch, operations }: Append): AppendOutcome {
    const state = this.#find(document);
    if (state === undefined) return "unknown_document";
    if (epoch !== state.epoch || epoch === 0) return "fenced";
    if (operations.some(({ version }, index) => version !== state.version + 1 + index)) return "conflict";
    const record = operations.reduce((latest, { time }) => touched(latest, time), state.record);
    try {
      this.#store({ record, epoch, version: state.version + operations.length }, operations);
      return "stored";
    } catch (error) {
      if (isTaken(error)) return "conflict";
      throw error;
    }
  }
}

function touched(record: DocumentRecord, time: number): DocumentRecord {
  return { ...record, updatedAt: Math.max(record.updatedAt, time) };
}

interface Statements {
  readonly insertDocument: Statement<[DocumentRow]>;
  readonly updateDocument: Statement<[DocumentRow]>;
  readonly document: Statement<[string], DocumentRow>;
  readonly newestDocuments: Statement<[number], DocumentRow>;
  readonly insertOperation: Statement<[OperationRow]>;
  readonly operations: Statement<[string, number, number], OperationRow>;
  readonly newestOfClient: Statement<[string, string], OperationRow>;
  readonly saveSnapshot: Statement<[SnapshotRow]>;
  readonly newestSnapshot: Statement<[string, number], SnapshotRow>;
}

function prepare(connection: Database): Statements {
  return {
    insertDocument: connection.prepare(`
      INSERT INTO documents
        (id, title, kind, identical_inserts, created_by, created_at, updated_at, epoch, version, row_checksum)
      VALUES
        (@id, @title, @kind, @identical_inserts, @created_by, @created_at, @updated_at, @epoch, @version, @row_checksum)
      ON CONFLICT (id) DO NOTHING`),
    updateDocument: connection.prepare(`
      UPDATE documents SET
        title = @title, updated_at = @updated_at, epoch = @epoch, version = @version, row_checksum = @row_checksum
      WHERE id = @id`),
    document: connection.prepare("SELECT * FROM documents WHERE id = ?"),
    newestDocuments: connection.prepare("SELECT * FROM documents ORDER BY updated_at DESC, id LIMIT ?"),
    insertOperation: connection.prepare(`
      INSERT INTO operations (document, version, client, sequence, user, time, checksum, row_checksum, operation)
      VALUES (@document, @version, @client, @sequence, @user, @time, @checksum, @row_checksum, @operation)`),
    operations: connection.prepare(`
      SELECT * FROM operations WHERE document = ? AND version > ? AND version <= ? ORDER BY version`),
    newestOfClient: connection.prepare(`
      SELECT * FROM operations WHERE document = ? AND client = ? ORDER BY sequence DESC LIMIT 1`),
    saveSnapshot: connection.prepare(`
      INSERT INTO snapshots (document, version, checksum, row_checksum, content)
      SELECT @document, @version, @checksum, @row_checksum, @content
      WHERE EXISTS (SELECT 1 FROM documents WHERE id = @document)
      ON CONFLICT (document, version) DO UPDATE SET
        checksum = excluded.checksum, row_checksum = excluded.row_checksum, content = excluded.content`),
    newestSnapshot: connection.prepare(`
      SELECT * FROM snapshots WHERE document = ? AND version <= ? ORDER BY version DESC LIMIT 1`),
  };
}

/** SQLite takes whole numbers only, and a negative one for "no limit". */
const rowLimit = (limit: number): number => Math.min(Math.max(0, Math.floor(limit)), Number.MAX_SAFE_INTEGER);

function unknownDocument(id: string): StoreError {
  return new StoreError("unknown_document", `there is no document ${id}`);
}

function isTaken(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "SQLITE_CONSTRAINT_UNIQUE" || code === "SQLITE_CONSTRAINT_PRIMARYKEY";
}
