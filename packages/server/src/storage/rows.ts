import { crc32 } from "node:zlib";
import { decodeOperation, encodeOperation, type IdenticalInserts, type Operation } from "@tutti/ot";
import { decodeSnapshot, encodeSnapshot } from "./snapshot-format.js";
import { type DocumentKind, type DocumentRecord, type NewOperation, type StoredSnapshot, StoreError } from "./store.js";

/*
 * Between values and rows. Every row ends in a CRC-32 over all its other columns, computed here and not by SQLite, so
 * that a bit that flips anywhere between this process and the disk is found when the row is read.
 */

export interface DocumentRow {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly identical_inserts: string;
  readonly created_by: string;
  readonly created_at: number;
  readonly updated_at: number;
  readonly epoch: number;
  readonly version: number;
  readonly trashed_at: number | null;
  readonly trashed_by: string | null;
  readonly packed: number;
  /** 1: it is. */
  readonly moderated: number;
  readonly row_checksum: number;
}

export interface OperationRow {
  readonly document: string;
  readonly version: number;
  readonly client: string;
  readonly sequence: number;
  readonly user: string;
  readonly time: number;
  readonly checksum: number;
  readonly row_checksum: number;
  readonly operation: Uint8Array;
}

export interface SnapshotRow {
  readonly document: string;
  readonly version: number;
  readonly checksum: number;
  readonly created_at: number;
  readonly row_checksum: number;
  readonly content: Uint8Array;
}

/** A document and where its log is. */
export interface DocumentState {
  readonly record: DocumentRecord;
  /** The newest one claimed; 0: none yet. */
  readonly epoch: number;
  /** Of the newest operation; 0: none yet. */
  readonly version: number;
  /** Of the newest operation in a segment; 0: there are none. */
  readonly packed: number;
}

const NO_BYTES = new Uint8Array(0);

export function toDocumentRow({ record, epoch, version, packed }: DocumentState): DocumentRow {
  const { id, kind, identicalInserts } = record;
  const row = {
    id,
    title: asUtf8(record.title),
    kind,
    identical_inserts: identicalInserts,
    created_by: asUtf8(record.createdBy),
    created_at: record.createdAt,
    updated_at: record.updatedAt,
    epoch,
    version,
    trashed_at: record.trashed?.at ?? null,
    trashed_by: record.trashed === undefined ? null : asUtf8(record.trashed.by),
    packed,
    moderated: record.moderated === true ? 1 : 0,
  };
  return { ...row, row_checksum: documentChecksum(row) };
}

/** @throws StoreError `damaged` */
export function fromDocumentRow(row: DocumentRow): DocumentState {
  if (row.row_checksum !== documentChecksum(row)) throw damaged(`the record of document ${row.id}`);
  const { id, title, epoch, version, packed, trashed_at: at, trashed_by: by } = row;
  const record = {
    id,
    title,
    kind: row.kind as DocumentKind,
    identicalInserts: row.identical_inserts as IdenticalInserts,
    createdBy: row.created_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    ...(row.moderated === 0 ? undefined : { moderated: true as const }),
    ...(at === null || by === null ? undefined : { trashed: { at, by } }),
  };
  return { record, epoch, version, packed };
}

/** The record of a document that is moderated, or not any more (S11). */
export function moderatedRecord({ moderated: _before, ...record }: DocumentRecord, moderated: boolean): DocumentRecord {
  return moderated ? { ...record, moderated } : record;
}

export function toOperationRow(document: string, stored: NewOperation): OperationRow {
  const { version, sequence, time, checksum } = stored;
  const [client, user] = [asUtf8(stored.client), asUtf8(stored.user)];
  const row = {
    document,
    version,
    client,
    sequence,
    user,
    time,
    checksum,
    row_checksum: 0,
    operation: encodeOperation(stored.operation),
  };
  row.row_checksum = operationChecksum(row);
  return row;
}

/** @throws StoreError `damaged` */
export function fromOperationRow(row: OperationRow): NewOperation {
  const what = `operation ${row.version} of document ${row.document}`;
  if (row.row_checksum !== operationChecksum(row)) throw damaged(what);
  const { version, client, sequence, user, time, checksum } = row;
  return { version, client, sequence, user, time, checksum, operation: decode(row.operation, what) };
}

export function toSnapshotRow(document: string, snapshot: StoredSnapshot): SnapshotRow {
  const { version, checksum, time } = snapshot;
  const row = { document, version, checksum, created_at: time, content: encodeSnapshot(snapshot) };
  return { ...row, row_checksum: snapshotChecksum(row) };
}

/** @throws StoreError `damaged`, also when the content does not have the checksum stored with it (S4) */
export function fromSnapshotRow(row: SnapshotRow): StoredSnapshot {
  const what = `snapshot ${row.version} of document ${row.document}`;
  if (row.row_checksum !== snapshotChecksum(row)) throw damaged(what);
  const { version, checksum, created_at: time } = row;
  return decodeSnapshot(row.content, { version, checksum, time }, what);
}

/** Text as a database of UTF-8 gives it back: half a surrogate pair becomes U+FFFD. */
export const asUtf8 = (text: string): string => text.replace(/\p{Surrogate}/gu, "\uFFFD");

export function damaged(what: string): StoreError {
  return new StoreError("damaged", `${what} is not as it was written`);
}

/** Defaults of later columns count for nothing: a row from before there were these columns is whole as it is. */
function documentChecksum(row: Omit<DocumentRow, "row_checksum">): number {
  const fields = [row.id, row.title, row.kind, row.created_by, row.created_at, row.updated_at, row.epoch, row.version];
  const later = [row.identical_inserts === "merge" ? null : row.identical_inserts, row.trashed_at, row.trashed_by];
  const packed = row.packed === 0 ? [] : ["packed", row.packed];
  const moderated = row.moderated === 0 ? [] : ["moderated", row.moderated];
  return rowChecksum([...fields, ...later.filter((value) => value !== null), ...packed, ...moderated]);
}

function operationChecksum(row: Omit<OperationRow, "row_checksum">): number {
  const fields = [row.document, row.version, row.client, row.sequence, row.user, row.time, row.checksum];
  return rowChecksum(fields, row.operation);
}

function snapshotChecksum(row: Omit<SnapshotRow, "row_checksum">): number {
  const { document, version, checksum, created_at: time, content } = row;
  return rowChecksum(time === 0 ? [document, version, checksum] : [document, version, checksum, time], content);
}

/**
 * Types and lengths stand between the fields, so that text can't move from one field to the next unnoticed. Types are
 * those found at run time: one flipped bit in SQLite's row header makes bytes of a text, or text of bytes.
 */
function rowChecksum(fields: readonly (string | number)[], bytes: Uint8Array = NO_BYTES): number {
  let text = `${typeof bytes} `;
  for (const field of fields) {
    const written = String(field);
    text += `${typeof field} ${written.length}:${written}`;
  }
  return crc32(bytes, crc32(text));
}

function decode(bytes: Uint8Array, what: string): Operation {
  try {
    return decodeOperation(bytes);
  } catch {
    throw damaged(what);
  }
}
