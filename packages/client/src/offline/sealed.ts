import { crc32 } from "./checksum.js";

/**
 * What stands in front of every entry of a journal:
 *
 *     format version (1 byte) · CRC-32 of the payload (4 bytes, little-endian) · payload
 */
const FORMAT = 1;
const HEAD = 5;

/** A payload, so that damage to it is noticed. */
export function sealed(payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEAD + payload.length);
  bytes[0] = FORMAT;
  new DataView(bytes.buffer).setUint32(1, crc32(payload), true);
  bytes.set(payload, HEAD);
  return bytes;
}

/** @returns the payload, not copied; undefined when it is damaged, or of a format that is not known here */
export function unsealed(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length < HEAD || bytes[0] !== FORMAT) return undefined;
  const payload = bytes.subarray(HEAD);
  const checksum = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1, true);
  return checksum === crc32(payload) ? payload : undefined;
}
