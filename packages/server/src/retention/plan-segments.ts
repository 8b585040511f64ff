import type { SegmentInfo } from "../storage/store.js";
import type { RetentionRules } from "./rules.js";

/**
 * Up to which versions to pack, one segment each, in this order (H3); none while there are few rows. Pure.
 *
 * @param packed the last version in a segment, 0 for none
 * @param version the newest one
 * @param atRest whether nobody works on the document now
 */
export function segmentsToPack(
  packed: number,
  version: number,
  atRest: boolean,
  rules: RetentionRules,
): readonly number[] {
  const most = atRest ? rules.mostRowsAtRest : rules.mostRows;
  if (version - packed <= most) return [];
  const last = version - Math.min(rules.keptRows, most);
  const count = Math.ceil((last - packed) / rules.longestSegment);
  return Array.from({ length: count }, (_, index) => Math.min(packed + (index + 1) * rules.longestSegment, last));
}

/** The segments that move to the archive: nobody wrote in them for long (H3). Pure. */
export function segmentsToArchive(
  segments: readonly SegmentInfo[],
  now: number,
  rules: RetentionRules,
): readonly SegmentInfo[] {
  return segments.filter(({ archiveKey, latest }) => archiveKey === undefined && now - latest > rules.archiveAfter);
}
