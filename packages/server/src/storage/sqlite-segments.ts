import type { Database, Statement } from "better-sqlite3";
import type { PackedSegment } from "./packed-segment.js";
import { unpackSegment } from "./segment-format.js";
import type { SqliteDocuments } from "./sqlite-documents.js";
import { asUtf8, damaged } from "./sqlite-rows.js";
import { type Sealed, sealed, unsealed } from "./sqlite-sealed-row.js";
import { type ClientPosition, type SegmentInfo, type StoredOperation, StoreError } from "./store.js";

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
      const row = this.#row(document, first);
      if (row === undefined) return false;
      this.#sql.update.run(seal({ ...row, archive_key: key, bytes: null }));
      return true;
    }).immediate;
  }

  /** In one transaction the segment takes the place of its rows. */
  write(document: string, packed: PackedSegment): void {
    this.#write(document, packed);
  }

  list(document: string): readonly SegmentInfo[] {
    return this.#sql.ofDocument.all(document).map((row) => toInfo(unseal(row)));
  }

  bytes(document: string, first: number): Uint8Array | undefined {
    const row = this.#row(document, first);
    return row === undefined ? undefined : bytesOf(row);
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
      .flatMap((row) => this.#unpack(unseal(row)))
      .filter(({ version }) => after < version && version <= upTo);
    if (found.some(({ version }, index) => version !== after + 1 + index) || found.length !== upTo - after) {
      throw damaged(`the log of document ${document} between versions ${after} and ${upTo}`);
    }
    return found;
  }

  /** The newest packed operation of a client. */
  position(document: string, client: string): ClientPosition | undefined {
    const row = this.#sql.position.get(document, asUtf8(client));
    if (row === undefined) return undefined;
    const { sequence, version, user } = unsealed(row, `the position of client ${client} in document ${document}`);
    return { sequence, version, user };
  }

  #replaceRows(document: string, { info, bytes, positions }: PackedSegment): void {
    const state = this.#documents.existing(document);
    const { changes } = this.#sql.deleteOperations.run(document, info.first, info.last);
    if (state.packed !== info.first - 1 || changes !== info.last - info.first + 1) {
      throw new StoreError("unavailable", `the log of document ${document} was packed by somebody else`);
    }
    this.#sql.insert.run(seal(toRow(document, info, bytes)));
    for (const [client, position] of positions) {
      const known = this.position(document, client);
      if (known !== undefined && known.sequence > position.sequence) continue;
      this.#sql.savePosition.run(sealed({ document, client: asUtf8(client), ...position }));
    }
    this.#documents.save({ ...state, packed: info.last });
  }

  #row(document: string, first: number): SegmentRow | undefined {
    const row = this.#sql.one.get(document, first);
    return row && unseal(row);
  }

  #unpack(row: SegmentRow): readonly StoredOperation[] {
    const bytes = bytesOf(row);
    if (this.#unpacked === undefined || Buffer.compare(bytes, this.#unpacked.bytes) !== 0) {
      this.#unpacked = { bytes, operations: unpackSegment(bytes, nameOf(row)) };
    }
    return this.#unpacked.operations;
  }
}

interface SegmentRow {
  readonly [column: string]: string | number | Uint8Array | null;
  readonly document: string;
  readonly first: number;
  readonly last: number;
  readonly earliest: number;
  readonly latest: number;
  readonly size: number;
  readonly archive_key: string | null;
  /** NULL where an archive has them. */
  readonly bytes: Uint8Array | null;
}

interface PositionRow extends ClientPosition {
  readonly [column: string]: string | number;
  readonly document: string;
  readonly client: string;
}

/** The bytes have a checksum of their own, so that a list needs not read them. */
const seal = (row: SegmentRow): Sealed<SegmentRow> => sealed(row, "bytes");
const unseal = (row: Sealed<SegmentRow>): SegmentRow => unsealed(row, nameOf(row), "bytes");

function toInfo({ first, last, earliest, latest, size, archive_key: archiveKey }: SegmentRow): SegmentInfo {
  return { first, last, earliest, latest, bytes: size, ...(archiveKey === null ? undefined : { archiveKey }) };
}

function toRow(document: string, info: SegmentInfo, bytes: Uint8Array): SegmentRow {
  const { first, last, earliest, latest, bytes: size, archiveKey } = info;
  return { document, first, last, earliest, latest, size, archive_key: archiveKey ?? null, bytes };
}

function bytesOf(row: SegmentRow): Uint8Array {
  if (row.bytes === null) throw new StoreError("archived", `${nameOf(row)} is in the archive as ${row.archive_key}`);
  return row.bytes;
}

const nameOf = ({ document, first }: Pick<SegmentRow, "document" | "first">): string =>
  `the segment of document ${document} from version ${first} on`;

interface Statements {
  readonly insert: Statement<[object]>;
  readonly update: Statement<[object]>;
  readonly ofDocument: Statement<[string], Sealed<SegmentRow>>;
  readonly one: Statement<[string, number], Sealed<SegmentRow>>;
  readonly covering: Statement<[string, number, number], Sealed<SegmentRow>>;
  readonly deleteOperations: Statement<[string, number, number]>;
  readonly position: Statement<[string, string], Sealed<PositionRow>>;
  readonly savePosition: Statement<[object]>;
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
    position: connection.prepare("SELECT * FROM packed_clients WHERE document = ? AND client = ?"),
    savePosition: connection.prepare(`
      INSERT INTO packed_clients (document, client, sequence, version, user, row_checksum)
      VALUES (@document, @client, @sequence, @version, @user, @row_checksum)
      ON CONFLICT (document, client) DO UPDATE SET
        sequence = excluded.sequence, version = excluded.version, user = excluded.user,
        row_checksum = excluded.row_checksum`),
  };
}
