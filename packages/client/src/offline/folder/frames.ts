import { crc32 } from "../checksum.js";

/**
 * A journal file is a row of frames:
 *
 *     length of the payload (4 bytes) · CRC-32 of kind and payload (4 bytes) · kind (1 byte) · payload
 *
 * numbers little-endian. The first frame is a `head`, then comes a `snapshot` (none before the first), then `batch`es.
 */
export type FrameKind = "head" | "snapshot" | "batch";

export interface Frame {
  readonly kind: FrameKind;
  readonly payload: Uint8Array;
}

const KINDS: readonly FrameKind[] = ["head", "snapshot", "batch"];
const PREFIX = 8;

export function frameOf(kind: FrameKind, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(PREFIX + 1 + payload.length);
  bytes[PREFIX] = KINDS.indexOf(kind);
  bytes.set(payload, PREFIX + 1);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, payload.length, true);
  view.setUint32(4, crc32(bytes.subarray(PREFIX)), true);
  return bytes;
}

export interface ReadFrames {
  readonly frames: readonly Frame[];
  /** Where the last whole frame ends. */
  readonly end: number;
  /**
   * "torn": a write that was never finished ends the file, which is no loss; "damaged": what was written once can't be
   * read any more.
   */
  readonly tail: "whole" | "torn" | "damaged";
}

/** The frames of a file, not copied, up to the first that is not whole. */
export function readFrames(bytes: Uint8Array): ReadFrames {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const frames: Frame[] = [];
  let end = 0;
  while (end < bytes.length) {
    if (end + PREFIX > bytes.length) return { frames, end, tail: "torn" };
    const next = end + PREFIX + 1 + view.getUint32(end, true);
    if (next > bytes.length) return { frames, end, tail: "torn" };
    const body = bytes.subarray(end + PREFIX, next);
    const kind = KINDS[body[0] ?? -1];
    if (kind === undefined || crc32(body) !== view.getUint32(end + 4, true)) return { frames, end, tail: "damaged" };
    frames.push({ kind, payload: body.subarray(1) });
    end = next;
  }
  return { frames, end, tail: "whole" };
}
