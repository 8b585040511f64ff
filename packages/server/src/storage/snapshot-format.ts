import { constants, deflateSync, inflateSync } from "node:zlib";
import { ByteReader, ByteWriter, Document, decodeOperation, encodeOperation, type Operation } from "@tutti/ot";
import type { ChunkName, StoredSnapshot } from "./records.js";
import { StoreError } from "./store.js";

/**
 * What a snapshot is as bytes (S4, D3). The first byte says how the rest is written; a row around it keeps a checksum of
 * all bytes. Formats of earlier releases are read for ever.
 *
 *     1 whole content: zlib(`encodeOperation`)
 *     2 manifest: varint(number of chunks), then the 16 bytes of each name
 */
const WHOLE = 1;
const MANIFEST = 2;
const NAME_BYTES = 16;

export function encodeSnapshot(snapshot: StoredSnapshot): Uint8Array {
  const out = new ByteWriter();
  if (snapshot.chunks === undefined) {
    out.byte(WHOLE);
    out.bytes(compress(encodeOperation(snapshot.content)));
    return out.finish();
  }
  out.byte(MANIFEST);
  out.varint(snapshot.chunks.length);
  for (const name of snapshot.chunks) out.bytes(nameToBytes(name));
  return out.finish();
}

/**
 * @param what the snapshot, as an error names it
 * @throws StoreError `damaged`, also when whole content does not have the checksum; `unsupported_version`
 */
export function decodeSnapshot(
  bytes: Uint8Array,
  head: Pick<StoredSnapshot, "version" | "checksum" | "time">,
  what: string,
): StoredSnapshot {
  const format = bytes[0];
  if (format !== undefined && format > MANIFEST) {
    throw new StoreError("unsupported_version", `${what} has format ${format}, this release reads up to ${MANIFEST}`);
  }
  if (format === MANIFEST) return { ...head, chunks: attempt(() => readManifest(bytes), what) };
  if (format !== WHOLE) throw damaged(what);
  const content = attempt(() => decodeOperation(inflateSync(bytes.subarray(1))), what);
  if (checksumOf(content) !== head.checksum) throw damaged(what);
  return { ...head, content };
}

/** The bytes of a chunk as they are stored. */
export function compressChunk(bytes: Uint8Array): Uint8Array {
  return compress(bytes);
}

/** @throws StoreError `damaged` */
export function decompressChunk(bytes: Uint8Array, what: string): Uint8Array {
  return attempt(() => inflateSync(bytes), what);
}

export const nameToBytes = (name: ChunkName): Uint8Array => Buffer.from(name, "hex");
export const nameFromBytes = (bytes: Uint8Array): ChunkName =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");

function readManifest(bytes: Uint8Array): readonly ChunkName[] {
  const input = new ByteReader(bytes.subarray(1));
  const names = Array.from({ length: input.varint() }, () => nameFromBytes(input.bytes(NAME_BYTES)));
  if (!input.done) throw new RangeError("more than was announced");
  return names;
}

const compress = (bytes: Uint8Array): Uint8Array => deflateSync(bytes, { level: constants.Z_BEST_SPEED });

const checksumOf = (content: Operation): number => Document.fromOperation(content).checksum;

function attempt<T>(read: () => T, what: string): T {
  try {
    return read();
  } catch {
    throw damaged(what);
  }
}

const damaged = (what: string): StoreError => new StoreError("damaged", `${what} is not as it was written`);
