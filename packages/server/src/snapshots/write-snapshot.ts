import type { Document, Section } from "@tutti/ot";
import { type Chunk, type ChunkName, type Store, StoreError } from "../storage/store.js";
import { encodeChunk } from "./chunk-format.js";
import { chunkName } from "./chunk-name.js";
import { knownName, rememberName } from "./known-names.js";

/** A version of a document on its way into a snapshot. */
export interface SnapshotSource {
  readonly document: string;
  readonly version: number;
  readonly content: Document;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** Documents of up to so many units are kept whole: they would have one or two chunks. */
const LONGEST_WHOLE = 16_384;
/** Chunks encoded in one go, about 1 ms of work: then everybody else has a turn. */
const CHUNKS_AT_ONCE = 32;

/**
 * Stores a snapshot (S4) and writes only what no earlier one has: the sections that are new since a snapshot that this
 * process wrote or loaded. Resolves when it is durable.
 * @throws StoreError; nothing but chunks that nobody names is left behind then
 */
export async function writeSnapshot(store: Store, source: SnapshotSource): Promise<void> {
  const { document, version, content, time } = source;
  const head = { version, checksum: content.checksum, time };
  if (content.length <= LONGEST_WHOLE) {
    await store.saveSnapshot(document, { ...head, content: content.toDelta() });
    return;
  }
  try {
    await store.saveSnapshot(document, { ...head, chunks: await saveChunks(store, source, knownName) });
  } catch (error) {
    // The chunks of a snapshot that was deleted meanwhile may be gone.
    if (!(error instanceof StoreError) || error.code !== "missing_chunk") throw error;
    await store.saveSnapshot(document, { ...head, chunks: await saveChunks(store, source, () => undefined) });
  }
}

/**
 * The same with every chunk written anew: mends whatever is damaged.
 * @throws StoreError
 */
export async function rewriteSnapshot(store: Store, source: SnapshotSource): Promise<void> {
  const { document, version, content, time } = source;
  const chunks = await saveChunks(store, source, () => undefined);
  await store.saveSnapshot(document, { version, checksum: content.checksum, time, chunks });
}

async function saveChunks(
  store: Store,
  { document, content, time }: SnapshotSource,
  known: (section: Section) => ChunkName | undefined,
): Promise<readonly ChunkName[]> {
  const names: ChunkName[] = [];
  let fresh = new Map<Section, Chunk>();
  const flush = async (): Promise<void> => {
    await store.saveChunks(document, [...fresh.values()], time);
    // Only now: what was not stored has to be stored another time.
    for (const [section, { name }] of fresh) rememberName(section, name);
    fresh = new Map();
  };
  for (const section of content.sections()) {
    const chunk = known(section) ?? toChunk(section);
    names.push(typeof chunk === "string" ? chunk : chunk.name);
    if (typeof chunk !== "string") fresh.set(section, chunk);
    if (fresh.size >= CHUNKS_AT_ONCE) await flush();
  }
  if (fresh.size > 0) await flush();
  return names;
}

function toChunk(section: Section): Chunk {
  const bytes = encodeChunk(section);
  return { name: chunkName(bytes), bytes };
}
