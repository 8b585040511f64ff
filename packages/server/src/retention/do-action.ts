import { type Archive, archiveKey } from "../storage/archive.js";
import { type SegmentInfo, type Store, StoreError } from "../storage/store.js";
import type { RetentionAction } from "./plan-document.js";

/**
 * Does one thing that was planned. It may have been done already, by this run before a crash or by another server.
 * @param archive undefined where there is none; nothing is planned for it then
 * @throws StoreError; what was under way is as it was before, or done
 */
export async function doAction(
  store: Store,
  archive: Archive | undefined,
  document: string,
  action: RetentionAction,
): Promise<void> {
  switch (action.kind) {
    case "delete_snapshot":
      await store.deleteSnapshot(document, action.version);
      return;
    case "collect_chunks":
      await store.collectChunks(document, action.savedBefore);
      return;
    case "pack":
      await store.compact(document, action.upTo);
      return;
    case "archive":
      await moveToArchive(store, existing(archive), document, action.segment);
      return;
    case "purge":
      await purge(store, archive, document, action.archived);
  }
}

/** Durable there, and read back, before it is forgotten here. */
async function moveToArchive(
  store: Store,
  archive: Archive,
  document: string,
  { first, last }: SegmentInfo,
): Promise<void> {
  const bytes = await store.segment(document, first);
  if (bytes === undefined) return;
  const key = archiveKey(document, first, last);
  await archive.put(key, bytes);
  const kept = await archive.get(key);
  if (kept === undefined || Buffer.compare(kept, bytes) !== 0) {
    throw new StoreError("archive_unavailable", `the archive does not give back ${key} as it was put there`);
  }
  await store.archiveSegment(document, first, key);
}

/** The store last: should this stop half-way, the document is still in the trash and the next run goes on. */
async function purge(
  store: Store,
  archive: Archive | undefined,
  document: string,
  archived: readonly string[],
): Promise<void> {
  // Somebody may have taken it out of the trash since the plan was made.
  if ((await store.document(document))?.trashed === undefined) return;
  for (const key of archived) await existing(archive).delete(key);
  await store.purgeDocument(document);
}

function existing(archive: Archive | undefined): Archive {
  if (archive === undefined) throw new StoreError("archived", "there is no archive in the configuration");
  return archive;
}
