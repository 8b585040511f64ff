import type { PackedSegment } from "./packed-segment.js";
import { Columns } from "./postgres-columns.js";
import type { Connections, Session } from "./postgres-connections.js";
import { lockDocument, unknownDocument, updateDocument } from "./postgres-documents.js";
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
import { type SegmentInfo, type StoredOperation, StoreError } from "./store.js";

const SEGMENT = new Columns<Sealed<SegmentRow>>(
  "document",
  "first",
  "last",
  "earliest",
  "latest",
  "size",
  "archive_key",
  "bytes",
  "row_checksum",
);
const INSERT = `INSERT INTO segments (${SEGMENT.list}) VALUES (${SEGMENT.parameters})`;
const UPDATE = `
  UPDATE segments SET (${SEGMENT.list}) = ROW (${SEGMENT.parameters}) WHERE document = $1 AND first = $2`;
/** Without the bytes. */
const OF_DOCUMENT = `
  SELECT document, first, last, earliest, latest, size, archive_key, NULL AS bytes, row_checksum FROM segments
  WHERE document = $1 ORDER BY first`;
const ONE = `SELECT ${SEGMENT.list} FROM segments WHERE document = $1 AND first = $2`;
const COVERING = `
  SELECT ${SEGMENT.list} FROM segments WHERE document = $1 AND last > $2 AND first <= $3 ORDER BY first`;
const DELETE_OPERATIONS = "DELETE FROM operations WHERE document = $1 AND version BETWEEN $2 AND $3";
/** Old operations, packed. */
export class SegmentTable {
  readonly #connections: Connections;
  /** The one that was unpacked last: whoever reads a log reads it in portions. */
  #unpacked: { readonly bytes: Uint8Array; readonly operations: readonly StoredOperation[] } | undefined;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  /** In one transaction the segment takes the place of its rows. */
  write(document: string, packed: PackedSegment): Promise<void> {
    return this.#connections.transaction((session) => replaceRows(session, document, packed));
  }

  async list(document: string): Promise<readonly SegmentInfo[]> {
    return (await this.#connections.query<Sealed<SegmentRow>>(OF_DOCUMENT, [document])).map(toSegmentInfo);
  }

  async bytes(document: string, first: number): Promise<Uint8Array | undefined> {
    const [row] = await this.#connections.query<Sealed<SegmentRow>>(ONE, [document, first]);
    return row && toSegmentBytes(row);
  }

  archive(document: string, first: number, key: string): Promise<boolean> {
    return this.#connections.transaction(async (session) => {
      const [row] = await session.query<Sealed<SegmentRow>>(`${ONE} FOR UPDATE`, [document, first]);
      if (row === undefined) return false;
      await session.run(UPDATE, SEGMENT.values(toArchivedRow(row, key)));
      return true;
    });
  }

  /**
   * Packed operations with after < version <= upTo.
   * @throws StoreError `damaged`, also when some are missing; `archived`
   */
  async operations(document: string, after: number, upTo: number): Promise<readonly StoredOperation[]> {
    const rows = await this.#connections.query<Sealed<SegmentRow>>(COVERING, [document, after, upTo]);
    const found = rows.flatMap((row) => this.#unpack(row)).filter(({ version }) => after < version && version <= upTo);
    if (found.some(({ version }, index) => version !== after + 1 + index) || found.length !== upTo - after) {
      throw damaged(`the log of document ${document} between versions ${after} and ${upTo}`);
    }
    return found;
  }

  #unpack(row: Sealed<SegmentRow>): readonly StoredOperation[] {
    const bytes = toSegmentBytes(row);
    if (this.#unpacked === undefined || Buffer.compare(bytes, this.#unpacked.bytes) !== 0) {
      this.#unpacked = { bytes, operations: unpackSegment(bytes, segmentName(row)) };
    }
    return this.#unpacked.operations;
  }
}

/** The document last: appends to it go on until then, for a segment takes nothing that they add. */
async function replaceRows(session: Session, document: string, packed: PackedSegment): Promise<void> {
  const { first, last } = packed.info;
  const deleted = await session.run(DELETE_OPERATIONS, [document, first, last]);
  if (deleted !== last - first + 1) throw packedByOthers(document);
  await session.run(INSERT, SEGMENT.values(toSegmentRow(document, packed)));
  const state = await lockDocument(session, document);
  if (state === undefined) throw unknownDocument(document);
  if (state.packed !== first - 1) throw packedByOthers(document);
  await updateDocument(session, { ...state, packed: last });
}

function packedByOthers(document: string): StoreError {
  return new StoreError("unavailable", `the log of document ${document} was packed by somebody else`);
}
