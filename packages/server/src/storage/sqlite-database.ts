import type { Database, Statement } from "better-sqlite3";
import {
  type DocumentRow,
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

/** A document as stored: its row was checked. */
interface Found {
  readonly record: DocumentRecord;
  readonly epoch: number;
}

/**
 * The store on one SQLite connection: each method of `Store` as a call that blocks, for the worker thread.
 * Errors are StoreError, or whatever SQLite throws (`toStoreError` tells them apart).
 */
export class SqliteDatabase implements Synchronous<Store> {
  readonly #connection: Database;
  readonly #sql: Statements;
  readonly #appendAll: (appends: readonly Append[]) => AppendOutcome[];
  readonly #insertAll: (rows: readonly OperationRow[], found: Found) => void;
  readonly #update: (id: string, change: (found: Found) => Found) => Found | undefined;

  constructor(connection: Database) {
    this.#connection = connection;
    this.#sql = prepare(connection);
    // Inside another transaction, SQLite makes a savepoint of this one: one append fails, the others stay.
    this.#insertAll = connection.transaction((rows: readonly OperationRow[], found: Found) => {
      for (const row of rows) this.#sql.insertOperation.run(row);
      this.#touch(found, rows);
    });
    this.#appendAll = connection.transaction((appends: readonly Append[]) =>
      appends.map((append) => this.#appendOne(append)),
    ).immediate;
    this.#update = connection.transaction((id: string, change: (found: Found) => Found) => {
      const found = this.#find(id);
      if (found === undefined) return undefined;
      const changed = change(found);
      this.#sql.updateDocument.run(toDocumentRow(changed.record, changed.epoch));
      return changed;
    }).immediate;
  }

  createDocument(record: DocumentRecord): void {
    const { changes } = this.#sql.insertDocument.run(toDocumentRow(record, 0));
    if (changes === 0) throw new StoreError("exists", `document ${record.id} exists already`);
  }

  document(id: string): DocumentRecord | undefined {
    return this.#find(id)?.record;
  }

  documents(limit: number): readonly DocumentRecord[] {
    return this.#sql.newestDocuments.all(rowLimit(limit)).map(fromDocumentRow);
  }

  renameDocument(id: string, title: string, time: number): boolean {
    const rename = ({ record, epoch }: Found): Found => {
      return { record: { ...record, title, updatedAt: Math.max(record.updatedAt, time) }, epoch };
    };
    return this.#update(id, rename) !== undefined;
  }

  claim(document: string): number {
    const claimed = this.#update(document, ({ record, epoch }) => ({ record, epoch: epoch + 1 }));
    if (claimed === undefined) throw unknownDocument(document);
    return claimed.epoch;
  }

  append(appends: readonly Append[]): readonly AppendOutcome[] {
    return this.#appendAll(appends);
  }

  operations(document: string, after: number, upTo: number, limit: number): readonly StoredOperation[] {
    const start = Math.max(0, after);
    const rows = this.#sql.operations.all(document, start, upTo, rowLimit(limit));
    return rows.map((row, index) => {
      // A row that vanished is damage too: versions have no gaps.
      if (row.version !== start + 1 + index) throw damaged(`operation ${start + 1 + index} of document ${document}`);
      return fromOperationRow(row);
    });
  }

  version(document: string): number {
    return this.#sql.newestVersion.get(document) ?? 0;
  }

  clientPosition(document: string, client: string): ClientPosition | undefined {
    const row = this.#sql.newestOfClient.get(document, client);
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

  #find(id: string): Found | undefined {
    const row = this.#sql.document.get(id);
    return row === undefined ? undefined : { record: fromDocumentRow(row), epoch: row.epoch };
  }

  /** The fence and the number: both are looked at in the transaction that stores the operations. */
  #appendOne({ document, epoch, operations }: Append): AppendOutcome {
    const found = this.#find(document);
    if (found === undefined) return "unknown_document";
    if (epoch !== found.epoch || epoch === 0) return "fenced";
    const next = this.version(document) + 1;
    if (operations.some((operation, index) => operation.version !== next + index)) return "conflict";
    try {
      this.#insertAll(
        operations.map((operation) => toOperationRow(document, operation)),
        found,
      );
      return "stored";
    } catch (error) {
      if (isTaken(error)) return "conflict";
      throw error;
    }
  }

  #touch({ record, epoch }: Found, rows: readonly OperationRow[]): void {
    const updatedAt = rows.reduce((newest, row) => Math.max(newest, row.time), record.updatedAt);
    if (updatedAt !== record.updatedAt) this.#sql.updateDocument.run(toDocumentRow({ ...record, updatedAt }, epoch));
  }
}

interface Statements {
  readonly insertDocument: Statement<[DocumentRow]>;
  readonly updateDocument: Statement<[DocumentRow]>;
  readonly document: Statement<[string], DocumentRow>;
  readonly newestDocuments: Statement<[number], DocumentRow>;
  readonly insertOperation: Statement<[OperationRow]>;
  readonly operations: Statement<[string, number, number, number], OperationRow>;
  readonly newestVersion: Statement<[string], number>;
  readonly newestOfClient: Statement<[string, string], OperationRow>;
  readonly saveSnapshot: Statement<[SnapshotRow]>;
  readonly newestSnapshot: Statement<[string, number], SnapshotRow>;
}

function prepare(connection: Database): Statements {
  const newestVersion = connection.prepare<[string], number>(
    "SELECT version FROM operations WHERE document = ? ORDER BY version DESC LIMIT 1",
  );
  return {
    insertDocument: connection.prepare(`
      INSERT INTO documents (id, title, kind, created_by, created_at, updated_at, epoch, row_checksum)
      VALUES (@id, @title, @kind, @created_by, @created_at, @updated_at, @epoch, @row_checksum)
      ON CONFLICT (id) DO NOTHING`),
    updateDocument: connection.prepare(`
      UPDATE documents SET title = @title, updated_at = @updated_at, epoch = @epoch, row_checksum = @row_checksum
      WHERE id = @id`),
    document: connection.prepare("SELECT * FROM documents WHERE id = ?"),
    newestDocuments: connection.prepare("SELECT * FROM documents ORDER BY updated_at DESC, id LIMIT ?"),
    insertOperation: connection.prepare(`
      INSERT INTO operations (document, version, client, sequence, user, time, checksum, row_checksum, operation)
      VALUES (@document, @version, @client, @sequence, @user, @time, @checksum, @row_checksum, @operation)`),
    operations: connection.prepare(`
      SELECT * FROM operations WHERE document = ? AND version > ? AND version <= ? ORDER BY version LIMIT ?`),
    newestVersion: newestVersion.pluck() as Statement<[string], number>,
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
