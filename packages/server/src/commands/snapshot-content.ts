import type { Document } from "@tutti/ot";
import { readSnapshot } from "../snapshots/read-snapshot.js";
import { type Store, StoreError } from "../storage/store.js";

/** The content that the snapshot of exactly this version holds. @throws StoreError `damaged` */
export async function readContent(store: Store, id: string, version: number): Promise<Document> {
  const snapshot = await store.snapshot(id, version);
  if (snapshot?.version !== version) throw new StoreError("damaged", `snapshot ${version} of document ${id} vanished`);
  return readSnapshot(store, id, snapshot);
}
