/**
 * Where segments go that nobody has asked for in a long time (H3, D5): slow, cheap, and as durable as the store. Keys
 * are made by `archiveKey`; bytes are never changed once they are there. Every method may reject with StoreError
 * `archive_unavailable`.
 */
export interface Archive {
  /** When it has resolved, the bytes survive a crash. The same key again has the same bytes. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** undefined when there is nothing under this key. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** What is not there is deleted already. */
  delete(key: string): Promise<void>;
}

/** Of the segment [first, last] of a document: letters, digits and a few signs, with one "/" between its two parts. */
export function archiveKey(document: string, first: number, last: number): string {
  // A dot would pass: "." and ".." are folders of their own.
  return `${encodeURIComponent(document).replaceAll(".", "%2E")}/${first}-${last}.segment`;
}
