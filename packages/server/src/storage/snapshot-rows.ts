import { asUtf8 } from "./rows.js";
import { type Sealed, sealed, unsealed } from "./sealed-row.js";
import { nameToBytes } from "./snapshot-format.js";
import { type Chunk, type ChunkName, type NamedVersion, StoreError } from "./store.js";

/** The time is outside of the checksum: it is raised without reading the bytes. */
export interface ChunkRow {
  readonly [column: string]: string | number | Uint8Array;
  readonly document: string;
  readonly name: Uint8Array;
  readonly saved_at: number;
  readonly bytes: Uint8Array;
}

export interface NamedVersionRow {
  readonly [column: string]: string | number;
  readonly document: string;
  readonly name: string;
  readonly version: number;
  readonly named_by: string;
  readonly named_at: number;
}

/** @param chunk its bytes compressed */
export function toChunkRow(document: string, { name, bytes }: Chunk, time: number): Sealed<ChunkRow> {
  return sealed<ChunkRow>({ document, name: nameToBytes(name), saved_at: time, bytes }, "saved_at");
}

/** The compressed bytes. @throws StoreError `damaged` */
export function toChunkBytes(row: Sealed<ChunkRow>, what: string): Uint8Array {
  return unsealed(row, what, "saved_at").bytes;
}

export function toNamedVersionRow(
  document: string,
  { name, version, by, time }: NamedVersion,
): Sealed<NamedVersionRow> {
  return sealed<NamedVersionRow>({ document, name: asUtf8(name), version, named_by: asUtf8(by), named_at: time });
}

/** @throws StoreError `damaged` */
export function toNamedVersion(row: Sealed<NamedVersionRow>): NamedVersion {
  const what = `version ${row.name} of document ${row.document}`;
  const { name, version, named_by: by, named_at: time } = unsealed(row, what);
  return { name, version, by, time };
}

export function missingChunk(document: string, name: ChunkName): StoreError {
  return new StoreError("missing_chunk", `document ${document} has no chunk ${name}`);
}
