import type { Database, Statement } from "better-sqlite3";
import { type PackedSegment, packOperations } from "./packed-segment.js";
import { rowLimit, type SqliteDocuments, touched } from "./sqlite-documents.js";
import {
  asUtf8,
  type DocumentState,
  damaged,
  fromOperationRow,
  type OperationRow,
  toOperationRow,
} from "./sqlite-rows.js";
import type { SqliteSegments } from "./sqlite-segments.js";
import type { Append, AppendOutcome, ClientPosition, NewOperation, StoredOperation } from "./store.js";

/** The log: rows for the newest operations, segments for the older ones. The calls of `OperationStore`. */
export class SqliteOperations {
  readonly #documents: SqliteDocuments;
  readonly #segments: SqliteSegments;
  readonly #sql: Statements;
  readonly #appendAll: (appends: readonly Append[]) => AppendOutcome[];
  readonly #store: (state: DocumentState, operations: readonly NewOperation[]) => void;

  constructor(connection: Database, documents: SqliteDocuments, segments: SqliteSegments) {
    this.#documents = documents;
    this.#segments = segments;
    this.#sql = prepare(connection);
    this.#appendAll = connection.transaction((appends: readonly Append[]) =>
      appends.map((append) => this.#appendOne(append)),
    ).immediate;
    // Inside another transaction SQLite makes this one a savepoint: one append fails, the others stay.
    this.#store = connection.transaction((state: DocumentState, operations: readonly NewOperation[]) => {
      for (const operation of operations) this.#sql.insert.run(toOperationRow(state.record.id, operation));
      this.#documents.save(state);
    });
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

  clientPosition(document: string, client: string): ClientPosition | undefined {
    const row = this.#sql.newestOfClient.get(document, asUtf8(client));
    const packed = this.#segments.position(document, client);
    if (row === undefined) return packed;
    const { sequence, version, user } = fromOperationRow(row);
    return packed !== undefined && packed.sequence > sequence ? packed : { sequence, version, user };
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

  /** The fence and the number: both are looked at in the transaction that stores the operations. */
  #appendOne({ document, epoch, operations }: Append): AppendOutcome {
    const state = this.#documents.find(document);
    if (state === undefined) return "unknown_document";
    if (epoch !== state.epoch || epoch === 0 || state.record.trashed !== undefined) return "fenced";
    if (operations.some(({ version }, index) => version !== state.version + 1 + index)) return "conflict";
    if (state.packed > 0 && operations.some((operation) => this.#isPacked(document, operation))) return "conflict";
    const record = operations.reduce((latest, { time }) => touched(latest, time), state.record);
    try {
      this.#store({ ...state, record, version: state.version + operations.length }, operations);
      return "stored";
    } catch (error) {
      if (isTaken(error)) return "conflict";
      throw error;
    }
  }

  #isPacked(document: string, { client, sequence }: StoredOperation): boolean {
    const position = this.#segments.position(document, client);
    return position !== undefined && sequence <= position.sequence;
  }
}

interface Statements {
  readonly insert: Statement<[OperationRow]>;
  readonly range: Statement<[string, number, number], OperationRow>;
  readonly newestOfClient: Statement<[string, string], OperationRow>;
}

function prepare(connection: Database): Statements {
  return {
    insert: connection.prepare(`
      INSERT INTO operations (document, version, client, sequence, user, time, checksum, row_checksum, operation)
      VALUES (@document, @version, @client, @sequence, @user, @time, @checksum, @row_checksum, @operation)`),
    range: connection.prepare(`
      SELECT * FROM operations WHERE document = ? AND version > ? AND version <= ? ORDER BY version`),
    newestOfClient: connection.prepare(`
      SELECT * FROM operations WHERE document = ? AND client = ? ORDER BY sequence DESC LIMIT 1`),
  };
}

function isTaken(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "SQLITE_CONSTRAINT_UNIQUE" || code === "SQLITE_CONSTRAINT_PRIMARYKEY";
}
