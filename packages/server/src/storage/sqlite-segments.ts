import type { Database, Statement } from "better-sqlite3";
import type { PackedSegment } from "./packed-segment.js";
import { damaged } from "./rows.js";
import type { Sealed } from "./sealed-row.js";
import { unpackSegment } from "./segment-format.js";
import {
  type SegmentRow,
  segmentName,
  toArchivedRow,
  toSegmentBytes,
  toSegmentInfo,
  toSegmentRow,
} from "./segment-rows.js";
import type { SqliteDocuments } from "./sqlite-documents.js";
import { type SegmentInfo, type StoredOperation, StoreError } from "./store.js";

/** Old operations, packed: the calls of `SegmentStore` in two steps, and reading back. */
export class SqliteSegments {
  readonly #documents: SqliteDocuments;
  readonly #sql: Statements;
  readonly #write: (document: string, packed: PackedSegment) => void;
  readonly #archive: (document: string, first: number, key: string) => boolean;
  /** The one that was unpacked last: whoever reads a log reads it in portions. */
  #unpacked: { readonly bytes: Uint8Array; readonly operations: readonly StoredOperation[] } | undefined;

  constructor(connection: Database, documents: SqliteDocuments) {
    this.#documents = documents;
    this.#sql = prepare(connection);
    this.#write = connection.transaction((document: string, packed: PackedSegment) => {
      this.#replaceRows(document, packed);
    }).immediate;
    this.#archive = connection.transaction((document: string, first: number, key: string) => {
      const row = this.#sql.one.get(document, first);
      if (row === undefined) return false;
      this.#sql.update.run(toArchivedRow(row, key));
      return true;
    }).immediate;
  }

  /** In one transaction the segment takes the place of its rows. */
  write(document: string, packed: PackedSegment): void {
    this.#write(document, packed);
  }

  list(document: string): readonly SegmentInfo[] {
    return this.#sql.ofDocument.all(document).map(toSegmentInfo);
  }

  bytes(document: string, first: number): Uint8Array | undefined {
    const row = this.#sql.one.get(document, first);
    return row === undefined ? undefined : toSegmentBytes(row);
  }

  archive(document: string, first: number, key: string): boolean {
    return this.#archive(document, first, key);
  }

  /**
   * Packed operations with after < version <= upTo.
   * @throws StoreError `damaged`, also when some are missing; `archived`
   */
  operations(document: string, after: number, upTo: number): readonly StoredOperation[] {
    const found = this.#sql.covering
      .all(document, after, upTo)
      .flatMap((row) => this.#unpack(row))
      .filter(({ version }) => after < version && version <= upTo);
    if (found.some(({ version }, index) => version !== after + 1 + index) || found.length !== upTo - after) {
      throw damaged(`the log of document ${document} between versions ${after} and ${upTo}`);
    }
    return found;
  }

  #replaceRows(document: string, packed: PackedSegment): void {
    const { info } = packed;
    const state = this.#documents.existing(document);
    const { changes } = this.#sql.deleteOperations.run(document, info.first, info.last);
    if (state.packed !== info.first - 1 || changes !== info.last - info.first + 1) {
      throw new StoreError("unavailable", `the log of document ${document} was packed by somebody else`);
    }
    this.#sql.insert.run(toSegmentRow(document, packed));
    this.#documents.save({ ...state, packed: info.last });
  }

  #unpack(row: Sealed<SegmentRow>): readonly StoredOperation[] {
    const bytes = toSegmentBytes(row);
    if (this.#unpacked === undefined || Buffer.compare(bytes, this.#unpacked.bytes) !== 0) {
      this.#unpacked = { bytes, operations: unpackSegment(bytes, segmentName(row)) };
    }
    return this.#unpacked.operations;
  }
}

interface Statements {
  readonly insert: Statement<[object]>;
  readonly update: Statement<[object]>;
  readonly ofDocument: Statement<[string], Sealed<SegmentRow>>;
  readonly one: Statement<[string, number], Sealed<SegmentRow>>;
  readonly covering: Statement<[string, number, number], Sealed<SegmentRow>>;
  readonly deleteOperations: Statement<[string, number, number]>;
}

function prepare(connection: Database): Statements {
  return {
    insert: connection.prepare(`
      INSERT INTO segments (document, first, last, earliest, latest, size, archive_key, bytes, row_checksum)
      VALUES (@document, @first, @last, @earliest, @latest, @size, @archive_key, @bytes, @row_checksum)`),
    update: connection.prepare(`
      UPDATE segments SET archive_key = @archive_key, bytes = @bytes, row_checksum = @row_checksum
      WHERE document = @document AND first = @first`),
    ofDocument: connection.prepare(`
      SELECT document, first, last, earliest, latest, size, archive_key, NULL AS bytes, row_checksum FROM segments
      WHERE document = ? ORDER BY first`),
    one: connection.prepare("SELECT * FROM segments WHERE document = ? AND first = ?"),
    covering: connection.prepare(`
      SELECT * FROM segments WHERE document = ? AND last > ? AND first <= ? ORDER BY first`),
    deleteOperations: connection.prepare(`
      DELETE FROM operations WHERE document = ? AND version BETWEEN ? AND ?`),
  };
}
