import { Document } from "@tutti/ot";
import { readSnapshot } from "../snapshots/read-snapshot.js";
import { rewriteSnapshot } from "../snapshots/write-snapshot.js";
import { type Store, type StoredOperation, StoreError } from "../storage/store.js";

export interface LoadedDocument {
  readonly document: Document;
  readonly version: number;
  /** Of the snapshot that the operations were replayed on; 0 where there was none. */
  readonly snapshotVersion: number;
  /** The newest of the operations that were replayed on the snapshot, at most `LONGEST_TAIL`. */
  readonly tail: readonly StoredOperation[];
}

/** Operations handed over for whoever is a little behind; all of a longer replay would only fill memory. */
const LONGEST_TAIL = 2000;
/** Operations read and replayed in one go, some milliseconds of work: then everybody else has a turn. */
const READ_AT_ONCE = 1000;

/** A document on its way to a version. */
interface Replay {
  document: Document;
  version: number;
  tail: readonly StoredOperation[];
}

/**
 * The content at a version: the newest good snapshot up to it and the operations after that (S3). Every checksum is
 * compared on the way. A damaged snapshot is passed over for the one before, and is written anew once the log has led
 * past it (S4).
 *
 * @param version undefined: the newest one
 * @param onDamage told of each damaged snapshot, and when one could not be mended
 * @throws StoreError `damaged` when the log itself is damaged or has a gap: never an empty or wrong document
 */
export async function loadDocument(
  store: Store,
  id: string,
  version: number | undefined,
  onDamage: (error: StoreError) => void,
): Promise<LoadedDocument> {
  const upTo = version ?? (await store.version(id));
  const damaged: number[] = [];
  const start = await newestGoodSnapshot(store, id, upTo, (found, error) => {
    damaged.push(found);
    onDamage(error);
  });
  const replay: Replay = { ...start, tail: [] };
  for (const found of damaged.toReversed()) {
    await advance(store, id, replay, found);
    await mend(store, id, replay, onDamage);
  }
  await advance(store, id, replay, upTo);
  return { ...replay, snapshotVersion: start.version };
}

/** Where a replay can start: the empty document when no snapshot is any good. */
async function newestGoodSnapshot(
  store: Store,
  id: string,
  upTo: number,
  onDamage: (version: number, error: StoreError) => void,
): Promise<{ readonly document: Document; readonly version: number }> {
  for (let atMost = upTo; atMost >= 0; ) {
    const found = await attempt(async () => {
      const snapshot = await store.snapshot(id, atMost);
      if (snapshot === undefined) return { document: Document.empty, version: 0 };
      return { document: await readSnapshot(store, id, snapshot), version: snapshot.version };
    });
    if (!(found instanceof StoreError)) return found;
    const version = await newestVersion(store, id, atMost);
    if (version === undefined) break;
    onDamage(version, found);
    atMost = version - 1;
  }
  return { document: Document.empty, version: 0 };
}

/** Of the snapshots up to a version; what is damaged can't say its version itself. */
async function newestVersion(store: Store, id: string, atMost: number): Promise<number | undefined> {
  const snapshots = await store.snapshots(id);
  return snapshots.findLast(({ version }) => version <= atMost)?.version;
}

/** The result, or the error of damage; other errors are thrown. */
async function attempt<T>(read: () => Promise<T>): Promise<T | StoreError> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof StoreError && error.code === "damaged") return error;
    throw error;
  }
}

async function advance(store: Store, id: string, replay: Replay, upTo: number): Promise<void> {
  while (replay.version < upTo) {
    const read = await store.operations(id, replay.version, upTo, READ_AT_ONCE);
    if (read.length === 0) throw missing(id, replay.version + 1);
    for (const stored of read) {
      replay.document = after(replay.document, stored, replay.version + 1, id);
      replay.version = stored.version;
    }
    replay.tail = [...replay.tail, ...read].slice(-LONGEST_TAIL);
  }
}

/** Writes the snapshot of the version that was reached anew; the load is good without it. */
async function mend(
  store: Store,
  id: string,
  { document, version, tail }: Replay,
  onDamage: (error: StoreError) => void,
): Promise<void> {
  try {
    const time = tail.at(-1)?.time ?? 0;
    await rewriteSnapshot(store, { document: id, version, content: document, time });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    onDamage(error);
  }
}

function after(document: Document, stored: StoredOperation, expected: number, id: string): Document {
  if (stored.version !== expected) throw missing(id, expected);
  const next = document.apply(stored.operation);
  // Operations out of a segment have few checksums; the segment has one of its own.
  if (stored.checksum !== undefined && next.checksum !== stored.checksum) {
    throw new StoreError("damaged", `document ${id}: version ${expected} does not have its checksum`);
  }
  return next;
}

const missing = (id: string, version: number): StoreError =>
  new StoreError("damaged", `document ${id}: version ${version} is missing`);
