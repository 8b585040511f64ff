import { constants, crc32, deflateSync, inflateSync } from "node:zlib";
import { Document, decodeOperation, encodeOperation, type IdenticalInserts, type Operation } from "@tutti/ot";
import {
  type DocumentKind,
  type DocumentRecord,
  type StoredOperation,
  type StoredSnapshot,
  StoreError,
} from "./store.js";

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
}

/** First byte of a snapshot: how the rest is written. 1: `encodeOperation`, then zlib. */
const SNAPSHOT_FORMAT = 1;
const NO_BYTES = new Uint8Array(0);

export function toDocumentRow({ record, epoch, version }: DocumentState): DocumentRow {
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
  };
  return { ...row, row_checksum: documentChecksum(row) };
}

/** @throws StoreError `damaged` */
export function fromDocumentRow(row: DocumentRow): DocumentState {
  if (row.row_checksum !== documentChecksum(row)) throw damaged(`the record of document ${row.id}`);
  const { id, title, epoch, version } = row;
  const record = {
    id,
    title,
    kind: row.kind as DocumentKind,
    identicalInserts: row.identical_inserts as IdenticalInserts,
    createdBy: row.created_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
  return { record, epoch, version };
}

export function toOperationRow(document: string, stored: StoredOperation): OperationRow {
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
    operation: encodeOperation(stored.operation),
  };
  return { ...row, row_checksum: operationChecksum(row) };
}

/** @throws StoreError `damaged` */
export function fromOperationRow(row: OperationRow): StoredOperation {
  const what = `operation ${row.version} of document ${row.document}`;
  if (row.row_checksum !== operationChecksum(row)) throw damaged(what);
  const { version, client, sequence, user, time, checksum } = row;
  return { version, client, sequence, user, time, checksum, operation: decode(row.operation, what) };
}

export function toSnapshotRow(document: string, snapshot: StoredSnapshot): SnapshotRow {
  // Speed before size: while this worker compresses, no commit gets through.
  const compressed = deflateSync(encodeOperation(snapshot.content), { level: constants.Z_BEST_SPEED });
  const content = new Uint8Array(compressed.length + 1);
  content[0] = SNAPSHOT_FORMAT;
  content.set(compressed, 1);
  const row = { document, version: snapshot.version, checksum: snapshot.checksum, content };
  return { ...row, row_checksum: snapshotChecksum(row) };
}

/** @throws StoreError `damaged`, also when the content does not have the checksum stored with it (S4) */
export function fromSnapshotRow(row: SnapshotRow): StoredSnapshot {
  const what = `snapshot ${row.version} of document ${row.document}`;
  if (row.row_checksum !== snapshotChecksum(row)) throw damaged(what);
  if (row.content[0] !== SNAPSHOT_FORMAT) {
    throw new StoreError("unsupported_version", `${what} has format ${row.content[0]}, not ${SNAPSHOT_FORMAT}`);
  }
  const content = decode(inflate(row.content.subarray(1), what), what);
  if (Document.fromOperation(content).checksum !== row.checksum) throw damaged(what);
  return { version: row.version, checksum: row.checksum, content };
}

/** Text as a database of UTF-8 gives it back: half a surrogate pair becomes U+FFFD. */
export const asUtf8 = (text: string): string => text.replace(/\p{Surrogate}/gu, "\uFFFD");

export function damaged(what: string): StoreError {
  return new StoreError("damaged", `${what} is not as it was written`);
}

/** The default of `identical_inserts` counts for nothing: a row from before there was the column is whole as it is. */
function documentChecksum(row: Omit<DocumentRow, "row_checksum">): number {
  const fields = [row.id, row.title, row.kind, row.created_by, row.created_at, row.updated_at, row.epoch, row.version];
  return rowChecksum(row.identical_inserts === "merge" ? fields : [...fields, row.identical_inserts]);
}

function operationChecksum(row: Omit<OperationRow, "row_checksum">): number {
  const fields = [row.document, row.version, row.client, row.sequence, row.user, row.time, row.checksum];
  return rowChecksum(fields, row.operation);
}

function snapshotChecksum(row: Omit<SnapshotRow, "row_checksum">): number {
  return rowChecksum([row.document, row.version, row.checksum], row.content);
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

function inflate(bytes: Uint8Array, what: string): Uint8Array {
  try {
    return inflateSync(bytes);
  } catch {
    throw damaged(what);
  }
}
