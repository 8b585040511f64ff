import { createHash } from "node:crypto";
import type { ChunkName } from "../storage/store.js";

/** Bytes of a name: two chunks of one document with one name would take 2^64 chunks to come by. */
const NAME_BYTES = 16;

/** The name that the bytes of a chunk have: nothing but the bytes decides it. */
export function chunkName(bytes: Uint8Array): ChunkName {
  return createHash("sha256").update(bytes).digest().subarray(0, NAME_BYTES).toString("hex");
}
