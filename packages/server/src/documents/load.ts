import { Document } from "@tutti/ot";
import { type Store, type StoredOperation, type StoredSnapshot, StoreError } from "../storage/store.js";

export interface LoadedDocument {
  readonly document: Document;
  readonly version: number;
  /** The operations that were replayed on the snapshot: the newest ones. */
  readonly tail: readonly StoredOperation[];
}

const READ_AT_ONCE = 5000;

/**
 * The content at a version: the newest snapshot up to it and the operations after that (S3). Every checksum is
 * compared on the way; a damaged snapshot is passed over and the log replayed from its start.
 *
 * @param version undefined: the newest one
 * @param onDamage told of a damaged snapshot
 * @throws StoreError `damaged` when the log itself is damaged or has a gap: never an empty or wrong document
 */
export async function loadDocument(
  store: Store,
  id: string,
  version: number | undefined,
  onDamage: (error: StoreError) => void,
): Promise<LoadedDocument> {
  const upTo = version ?? (await store.version(id));
  const snapshot = await readSnapshot(store, id, upTo, onDamage);
  let document = snapshot === undefined ? Document.empty : Document.fromOperation(snapshot.content);
  let reached = snapshot?.version ?? 0;
  const tail: StoredOperation[] = [];
  while (reached < upTo) {
    const read = await store.operations(id, reached, upTo, READ_AT_ONCE);
    if (read.length === 0) throw new StoreError("damaged", `document ${id}: version ${reached + 1} is missing`);
    for (const stored of read) {
      document = replay(document, stored, reached + 1, id);
      reached = stored.version;
      tail.push(stored);
    }
  }
  return { document, version: reached, tail };
}

async function readSnapshot(
  store: Store,
  id: string,
  atMost: number,
  onDamage: (error: StoreError) => void,
): Promise<StoredSnapshot | undefined> {
  try {
    return await store.snapshot(id, atMost);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "damaged") throw error;
    onDamage(error);
    return undefined;
  }
}

function replay(document: Document, stored: StoredOperation, expected: number, id: string): Document {
  if (stored.version !== expected) throw new StoreError("damaged", `document ${id}: version ${expected} is missing`);
  const next = document.apply(stored.operation);
  if (next.checksum !== stored.checksum) {
    throw new StoreError("damaged", `document ${id}: version ${expected} does not have its checksum`);
  }
  return next;
}
