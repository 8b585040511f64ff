import { brotliCompressSync, brotliDecompressSync, constants, crc32 } from "node:zlib";
import { ByteReader, ByteWriter } from "@tutti/ot";
import { SEGMENT_CHECKSUM_INTERVAL, type StoredOperation } from "./records.js";
import { ColumnsReader, ColumnsWriter, Dictionary, fromZigzag, readDictionary, zigzag } from "./segment-columns.js";
import { OPERATION_COLUMNS, type OperationColumn, OperationsReader, OperationsWriter } from "./segment-operations.js";
import { StoreError } from "./store.js";

/**
 * A stretch of the log of one document, packed (H3):
 *
 *     segment := format (1 byte) · brotli(first version · count · columns) · CRC-32 of all before (4 bytes, little-endian)
 *
 * Versions follow from the first one. Authors (client and person) are numbered and stand as runs; sequences and times as
 * differences; operations as columns of their own (`segment-operations`). Of the checksums only those stay that
 * `SEGMENT_CHECKSUM_INTERVAL` names: 53 bits that look random are larger than all the rest of an operation.
 *
 * A released format is never changed, only followed by another number; all of them are read for ever.
 */
const FORMAT = 1;
const COLUMNS = ["authors", "author", "sequence", "time", "checksum", ...OPERATION_COLUMNS] as const;
type Column = (typeof COLUMNS)[number];
const CRC_BYTES = 4;
/** Whole milliseconds as differences, or eight bytes each. */
const WHOLE_TIMES = 0;
const FRACTIONAL_TIMES = 1;
/** The difference of two, with its sign, still is a number that a varint can hold. */
const MOST_WHOLE_TIME = 2 ** 50;

/**
 * @param operations at least one, with versions without gaps; the last one has a checksum
 * @throws StoreError `damaged` when they are not like that
 */
export function packSegment(operations: readonly StoredOperation[]): Uint8Array {
  checkRow(operations);
  const out = new ColumnsWriter<Column>(COLUMNS);
  const authors = writeAuthors(operations, out);
  writeSequences(operations, out);
  writeTimes(operations, out);
  for (const { checksum } of operations.filter(keepsChecksum(operations))) out.column("checksum").varint(checksum ?? 0);
  const writer = new OperationsWriter(out as ColumnsWriter<OperationColumn>);
  for (const [index, { operation }] of operations.entries()) writer.write(operation, authors[index] ?? 0);
  writer.finish();
  return seal(operations[0]?.version ?? 0, operations.length, out.finish());
}

/**
 * The operations of a segment, as they were but for most checksums.
 * @throws StoreError `damaged` for anything but the bytes of a segment; `unsupported_version` for a newer format
 */
export function unpackSegment(bytes: Uint8Array, what: string): readonly StoredOperation[] {
  const end = bytes.length - CRC_BYTES;
  const damaged = (): StoreError => new StoreError("damaged", `${what} is not as it was written`);
  if (end < 1 || crc32(bytes.subarray(0, end)) !== new DataView(bytes.buffer, bytes.byteOffset).getUint32(end, true)) {
    throw damaged();
  }
  if (bytes[0] !== FORMAT) {
    throw new StoreError("unsupported_version", `${what} has format ${bytes[0]}, this release reads ${FORMAT}`);
  }
  try {
    return readOperations(brotliDecompressSync(bytes.subarray(1, end)));
  } catch {
    throw damaged();
  }
}

function checkRow(operations: readonly StoredOperation[]): void {
  const first = operations[0]?.version ?? 0;
  const follow = operations.every(({ version }, index) => version === first + index);
  const proven = operations.filter(keepsChecksum(operations)).every(({ checksum }) => checksum !== undefined);
  if (operations.length === 0 || !follow || !proven) {
    throw new StoreError("damaged", "operations to be packed have gaps or lack checksums");
  }
}

function keepsChecksum(operations: readonly StoredOperation[]): (stored: StoredOperation) => boolean {
  const last = operations.at(-1)?.version;
  return ({ version }) => version === last || version % SEGMENT_CHECKSUM_INTERVAL === 0;
}

/** Runs of one author, as number and length. */
function writeAuthors(operations: readonly StoredOperation[], out: ColumnsWriter<Column>): readonly number[] {
  const names = new Dictionary();
  const authors = operations.map(({ client, user }) => names.indexOf(JSON.stringify([client, user])));
  out.column("authors").bytes(names.toBytes());
  for (let start = 0; start < authors.length; ) {
    const author = authors[start] ?? 0;
    let end = start + 1;
    while (authors[end] === author) end += 1;
    out.column("author").varint(author);
    out.column("author").varint(end - start);
    start = end;
  }
  return authors;
}

/** How far from the next one of the same client: 0 nearly always. */
function writeSequences(operations: readonly StoredOperation[], out: ColumnsWriter<Column>): void {
  const last = new Map<string, number>();
  for (const { client, sequence } of operations) {
    out.column("sequence").varint(zigzag(sequence - (last.get(client) ?? 0) - 1));
    last.set(client, sequence);
  }
}

function writeTimes(operations: readonly StoredOperation[], out: ColumnsWriter<Column>): void {
  const column = out.column("time");
  const whole = operations.every(({ time }) => Number.isInteger(time) && Math.abs(time) < MOST_WHOLE_TIME);
  column.byte(whole ? WHOLE_TIMES : FRACTIONAL_TIMES);
  let last = 0;
  for (const { time } of operations) {
    if (whole) column.varint(zigzag(time - last));
    else column.bytes(new Uint8Array(Float64Array.of(time).buffer));
    last = time;
  }
}

function seal(first: number, count: number, columns: Uint8Array): Uint8Array {
  const body = new ByteWriter();
  body.varint(first);
  body.varint(count);
  body.bytes(columns);
  const packed = brotliCompressSync(body.finish(), {
    // Packed once, kept for ever: small before quick. This runs beside the commits, never in front of them.
    params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY },
  });
  const bytes = new Uint8Array(1 + packed.length + CRC_BYTES);
  bytes[0] = FORMAT;
  bytes.set(packed, 1);
  const view = new DataView(bytes.buffer);
  view.setUint32(1 + packed.length, crc32(bytes.subarray(0, 1 + packed.length)), true);
  return bytes;
}

function readOperations(body: Uint8Array): readonly StoredOperation[] {
  const head = new ByteReader(body);
  const [first, count] = [head.varint(), head.varint()];
  const columns = new ColumnsReader<Column>(head.rest(), COLUMNS);
  const names = readDictionary(columns.column("authors").rest()).map((name) => JSON.parse(name) as [string, string]);
  const nextAuthor = authorReader(columns.column("author"));
  const nextTime = timeReader(columns.column("time"));
  const sequences = new Map<string, number>();
  const operations = new OperationsReader(columns as ColumnsReader<OperationColumn>);
  const read: StoredOperation[] = [];
  for (let version = first; version < first + count; version += 1) {
    const author = nextAuthor();
    const [client, user] = names[author] as [string, string];
    const sequence = (sequences.get(client) ?? 0) + 1 + fromZigzag(columns.column("sequence").varint());
    sequences.set(client, sequence);
    const hasChecksum = version === first + count - 1 || version % SEGMENT_CHECKSUM_INTERVAL === 0;
    const checksum = hasChecksum ? { checksum: columns.column("checksum").varint() } : undefined;
    const operation = operations.read(author);
    read.push({ version, client, sequence, user, time: nextTime(), operation, ...checksum });
  }
  if (!operations.done || !columns.column("checksum").done) throw new RangeError("more than was announced");
  return read;
}

function authorReader(column: ByteReader): () => number {
  let [author, left] = [0, 0];
  return () => {
    if (left === 0) [author, left] = [column.varint(), column.varint()];
    left -= 1;
    return author;
  };
}

function timeReader(column: ByteReader): () => number {
  const form = column.byte();
  let last = 0;
  return () => {
    if (form === FRACTIONAL_TIMES) return new Float64Array(Uint8Array.from(column.bytes(8)).buffer)[0] as number;
    last += fromZigzag(column.varint());
    return last;
  };
}
