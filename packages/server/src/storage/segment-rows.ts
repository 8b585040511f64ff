import type { PackedSegment } from "./packed-segment.js";
import { type Sealed, sealed, unsealed } from "./sealed-row.js";
import { type SegmentInfo, StoreError } from "./store.js";

/** A segment as its row (`sealed`). */
export interface SegmentRow {
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

export function toSegmentRow(document: string, { info, bytes }: PackedSegment): Sealed<SegmentRow> {
  const { first, last, earliest, latest, bytes: size } = info;
  return seal({ document, first, last, earliest, latest, size, archive_key: null, bytes });
}

/** The row once its bytes are in an archive. @throws StoreError `damaged` */
export function toArchivedRow(row: Sealed<SegmentRow>, key: string): Sealed<SegmentRow> {
  return seal({ ...unseal(row), archive_key: key, bytes: null });
}

/** @throws StoreError `damaged` */
export function toSegmentInfo(row: Sealed<SegmentRow>): SegmentInfo {
  const { first, last, earliest, latest, size, archive_key: archiveKey } = unseal(row);
  return { first, last, earliest, latest, bytes: size, ...(archiveKey === null ? undefined : { archiveKey }) };
}

/** @throws StoreError `damaged`; `archived` */
export function toSegmentBytes(row: Sealed<SegmentRow>): Uint8Array {
  const { bytes, archive_key: key } = unseal(row);
  if (bytes === null) throw new StoreError("archived", `${segmentName(row)} is in the archive as ${key}`);
  return bytes;
}

export const segmentName = ({ document, first }: Pick<SegmentRow, "document" | "first">): string =>
  `the segment of document ${document} from version ${first} on`;

/** The bytes have a checksum of their own, so that a list needs not read them. */
const seal = (row: SegmentRow): Sealed<SegmentRow> => sealed(row, "bytes");
const unseal = (row: Sealed<SegmentRow>): SegmentRow => unsealed(row, segmentName(row), "bytes");
