import type { Database, Statement } from "better-sqlite3";
import { advance, isDamage } from "./client-rows.js";
import { type PackedSegment, packOperations } from "./packed-segment.js";
import { asUtf8, damaged, fromOperationRow, type OperationRow, toOperationRow } from "./rows.js";
import { SqliteClients } from "./sqlite-clients.js";
import { rowLimit, type SqliteDocuments } from "./sqlite-documents.js";
import type { SqliteSegments } from "./sqlite-segments.js";
import {
  type Append,
  type AppendOutcome,
  type ClientPosition,
  type NewOperation,
  type StoredOperation,
  StoreError,
} from "./store.js";

/** As many as a segment holds at most. */
const READ_AT_ONCE = 10_000;

/** The log: rows for the newest operations, segments for the older ones. The calls of `OperationStore`. */
export class SqliteOperations {
  readonly #documents: SqliteDocuments;
  readonly #segments: SqliteSegments;
  readonly #sql: Statements;
  readonly #clients: SqliteClients;
  readonly #appendAll: (appends: readonly Append[]) => AppendOutcome[];

  constructor(connection: Database, documents: SqliteDocuments, segments: SqliteSegments) {
    this.#documents = documents;
    this.#segments = segments;
    this.#sql = prepare(connection);
    this.#clients = new SqliteClients(connection);
    this.#appendAll = connection.transaction((appends: readonly Append[]) =>
      appends.map((append) => this.#appendOne(append)),
    ).immediate;
  }

  append(appends: readonly Append[]): readonly AppendOutcome[] {
    return this.#appendAll(appends);
  }

  read(document: string, after: number, upTo: number, limit: number): readonly StoredOperation[] {
    const { version = 0, packed = 0 } = this.#documents.find(document) ?? {};
    const start = Math.max(0, after);
    const end = Math.min(upTo, version, start + rowLimit(limit));
    if (start >= packed || start >= end) return this.#rows(document, start, end);
    const border = Math.min(packed, end);
    return [...this.#segments.operations(document, start, border), ...this.#rows(document, border, end)];
  }

  /**
   * From the log where its own row is damaged: the next append of the client writes that anew.
   * @throws StoreError `damaged` when the log does not tell either
   */
  clientPosition(document: string, client: string): ClientPosition | undefined {
    try {
      return this.#clients.find(document, asUtf8(client));
    } catch (error) {
      if (!isDamage(error)) throw error;
      return this.#positionInLog(document, asUtf8(client), error);
    }
  }

  /** What `SqliteSegments.write` takes; undefined when there is nothing to pack. */
  pack(document: string, upTo: number): PackedSegment | undefined {
    const { packed, version } = this.#documents.existing(document);
    const rows = this.#rows(document, packed, Math.min(upTo, version));
    return rows.length === 0 ? undefined : packOperations(rows);
  }

  #rows(document: string, start: number, end: number): readonly NewOperation[] {
    const rows = this.#sql.range.all(document, start, end);
    for (let version = start + 1; version <= end; version += 1) {
      // A row that vanished is damage too: versions have no gaps.
      const found = rows[version - start - 1]?.version;
      if (found !== version) throw damaged(`operation ${version} of document ${document}`);
    }
    return rows.map(fromOperationRow);
  }

  /**
   * The fence and the numbers: all are looked at in the transaction that stores the operations, and before the first
   * one is written, so that a refused append leaves nothing to take back.
   */
  #appendOne({ document, epoch, operations }: Append): AppendOutcome {
    const state = this.#documents.find(document);
    if (state === undefined) return "unknown_document";
    if (epoch !== state.epoch || epoch === 0 || state.record.trashed !== undefined) return "fenced";
    if (operations.some(({ version }, index) => version !== state.version + 1 + index)) return "conflict";
    const rows = operations.map((operation) => toOperationRow(document, operation));
    const positions = advance(rows, (client) => this.clientPosition(document, client)?.sequence ?? 0);
    if (positions === undefined) return "conflict";
    for (const row of rows) this.#insert(row);
    for (const [client, position] of positions) this.#clients.save(document, client, position);
    const updatedAt = operations.reduce((latest, { time }) => Math.max(latest, time), state.record.updatedAt);
    this.#documents.save({
      ...state,
      record: { ...state.record, updatedAt },
      version: state.version + operations.length,
    });
    return "stored";
  }

  #insert(row: OperationRow): void {
    try {
      const { document, version, client, sequence, user, time, checksum, row_checksum, operation } = row;
      this.#sql.insert.run(document, version, client, sequence, user, time, checksum, row_checksum, operation);
    } catch (error) {
      // The log goes on behind the version of its document.
      if (isTaken(error)) throw damaged(`the log of document ${row.document}`);
      throw error;
    }
  }

  /** @param cause what is thrown when a part of the log can't be read */
  #positionInLog(document: string, client: string, cause: unknown): ClientPosition | undefined {
    const { version } = this.#documents.existing(document);
    let newest: ClientPosition | undefined;
    try {
      for (let after = 0; after < version; after += READ_AT_ONCE) {
        for (const { client: author, ...operation } of this.read(document, after, version, READ_AT_ONCE)) {
          if (author === client && operation.sequence > (newest?.sequence ?? 0)) newest = operation;
        }
      }
    } catch (error) {
      throw error instanceof StoreError ? cause : error;
    }
    return newest && { sequence: newest.sequence, version: newest.version, user: newest.user };
  }
}

interface Statements {
  /** By position, which takes less time than by name. */
  readonly insert: Statement<[string, number, string, number, string, number, number, number, Uint8Array]>;
  readonly range: Statement<[string, number, number], OperationRow>;
}

function prepare(connection: Database): Statements {
  return {
    insert: connection.prepare(`
      INSERT INTO operations (document, version, client, sequence, user, time, checksum, row_checksum, operation)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    range: connection.prepare(`
      SELECT * FROM operations WHERE document = ? AND version > ? AND version <= ? ORDER BY version`),
  };
}

function isTaken(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "SQLITE_CONSTRAINT_PRIMARYKEY";
}
