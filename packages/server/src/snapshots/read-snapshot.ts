import { Document, type Section } from "@tutti/ot";
import { type ChunkedSnapshot, type SnapshotStore, type StoredSnapshot, StoreError } from "../storage/store.js";
import { decodeChunk } from "./chunk-format.js";
import { chunkName } from "./chunk-name.js";
import { rememberName } from "./known-names.js";

/** Chunks read and decoded in one go, about 1 ms of work: then everybody else has a turn. */
const CHUNKS_AT_ONCE = 32;

/**
 * The document of a snapshot. Its sections are known by name from then on: the next snapshot writes only what changed.
 * @throws StoreError `damaged`, also when a chunk is missing or the whole does not have the checksum of the snapshot
 */
export async function readSnapshot(
  store: Pick<SnapshotStore, "chunks">,
  document: string,
  snapshot: StoredSnapshot,
): Promise<Document> {
  if (snapshot.chunks === undefined) return Document.fromOperation(snapshot.content);
  const content = Document.fromSections(await readSections(store, document, snapshot));
  if (content.checksum !== snapshot.checksum) {
    throw new StoreError("damaged", `snapshot ${snapshot.version} of document ${document} has another checksum`);
  }
  return content;
}

async function readSections(
  store: Pick<SnapshotStore, "chunks">,
  document: string,
  { chunks: names }: ChunkedSnapshot,
): Promise<readonly Section[]> {
  const sections: Section[] = [];
  for (let start = 0; start < names.length; start += CHUNKS_AT_ONCE) {
    const wanted = names.slice(start, start + CHUNKS_AT_ONCE);
    const read = await chunksOf(store, document, wanted);
    for (const [index, bytes] of read.entries()) sections.push(readSection(document, wanted[index] ?? "", bytes));
  }
  return sections;
}

function readSection(document: string, name: string, bytes: Uint8Array): Section {
  const what = `chunk ${name} of document ${document}`;
  if (chunkName(bytes) !== name) throw new StoreError("damaged", `${what} has another name`);
  const section = decodeChunk(bytes, what);
  hashAhead(section);
  rememberName(section, name);
  return section;
}

/** A section keeps its hash: asked for now, portion by portion, it is there when the whole document needs it. */
function hashAhead(section: Section): number {
  return Document.fromSections([section]).checksum;
}

/** To whoever loads, a chunk that is gone is as bad as one that is damaged. */
async function chunksOf(
  store: Pick<SnapshotStore, "chunks">,
  document: string,
  names: readonly string[],
): Promise<readonly Uint8Array[]> {
  try {
    return await store.chunks(document, names);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "missing_chunk") throw error;
    throw new StoreError("damaged", error.message);
  }
}
