import { crc32 } from "node:zlib";
import { Document, decodeOperation, encodeOperation, type Operation } from "@tutti/ot";
import { type ClientPosition, type NewOperation, type StoredSnapshot, StoreError } from "@tutti/server";

/** Something kept as bytes, so that nothing of the writer's objects is shared with a reader. */
export interface Row {
  readonly bytes: Uint8Array;
  readonly checksum: number;
}

export function bytesRow(bytes: Uint8Array): Row {
  const copy = Uint8Array.from(bytes);
  return { bytes: copy, checksum: crc32(copy) };
}

/** @throws StoreError `damaged` */
export function readBytes({ bytes, checksum }: Row, what: string): Uint8Array {
  if (crc32(bytes) !== checksum) throw damaged(what);
  return Uint8Array.from(bytes);
}

export function operationRow(stored: NewOperation): Row {
  const { version, sequence, time, checksum } = stored;
  const [client, user] = [asUtf8(stored.client), asUtf8(stored.user)];
  return write({ version, client, sequence, user, time, checksum }, encodeOperation(stored.operation));
}

/** @throws StoreError `damaged` */
export function readOperation(row: Row, what: string): NewOperation {
  const { head, rest } = read(row, what);
  return { ...(head as Omit<NewOperation, "operation">), operation: decodeOperation(rest) };
}

export const positionRow = ({ sequence, version, user }: ClientPosition): Row =>
  write({ sequence, version, user }, new Uint8Array(0));

/** @throws StoreError `damaged` */
export const readPosition = (row: Row, what: string): ClientPosition => read(row, what).head as ClientPosition;

export function snapshotRow({ version, checksum, time, content, chunks }: StoredSnapshot): Row {
  const body = content === undefined ? new Uint8Array(0) : encodeOperation(content);
  return write({ version, checksum, time, ...(chunks && { chunks }) }, body);
}

/** @throws StoreError `damaged`, also when whole content does not have the checksum stored with it */
export function readSnapshot(row: Row, what: string): StoredSnapshot {
  const { head, rest } = read(row, what);
  const snapshot = head as Extract<StoredSnapshot, { readonly chunks: readonly string[] }>;
  if (snapshot.chunks !== undefined) return snapshot;
  const content: Operation = decodeOperation(rest);
  if (Document.fromOperation(content).checksum !== snapshot.checksum) throw damaged(what);
  const { version, checksum, time } = snapshot as StoredSnapshot;
  return { version, checksum, time, content };
}

/** The row with one bit flipped: `damaged` from now on. */
export function flipped({ bytes, checksum }: Row): Row {
  const changed = Uint8Array.from(bytes);
  const last = changed.length - 1;
  changed[last] = (changed[last] ?? 0) ^ 1;
  return { bytes: changed, checksum };
}

export const damaged = (what: string): StoreError => new StoreError("damaged", `${what} is not as it was written`);

/** Half a surrogate pair becomes U+FFFD, as in a database that keeps UTF-8. */
export const asUtf8 = (text: string): string => Buffer.from(text).toString();

export const compareUtf8 = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** How many rows a limit allows. */
export const atMost = (limit: number): number => Math.max(0, Math.floor(limit));

/** A line of JSON, then bytes. */
function write(head: object, body: Uint8Array): Row {
  return bytesRow(Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), body]));
}

function read(row: Row, what: string): { head: unknown; rest: Uint8Array } {
  const bytes = readBytes(row, what);
  const end = bytes.indexOf(10);
  return { head: JSON.parse(Buffer.from(bytes.subarray(0, end)).toString()), rest: bytes.subarray(end + 1) };
}
