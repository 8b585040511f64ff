import { Document } from "@tutti/ot";
import { type Store, StoreError } from "../storage/store.js";

export interface SnapshotVersions {
  /** Ascending. */
  readonly sound: readonly number[];
  readonly damaged: readonly number[];
}

/** The versions up to `newest` of which there are snapshots. */
export async function snapshotVersions(store: Store, id: string, newest: number): Promise<SnapshotVersions> {
  const sound: number[] = [];
  const damaged: number[] = [];
  for (let atMost = newest; atMost >= 0; ) {
    const found = await attempt(store, id, atMost);
    if (found === "none") break;
    const version = found === "damaged" ? await firstDamaged(store, id, atMost) : found;
    (found === "damaged" ? damaged : sound).unshift(version);
    atMost = version - 1;
  }
  return { sound, damaged };
}

/** The content that the snapshot of exactly this version holds. @throws StoreError `damaged` */
export async function readContent(store: Store, id: string, version: number): Promise<Document> {
  const snapshot = await store.snapshot(id, version);
  if (snapshot?.version !== version) throw new StoreError("damaged", `snapshot ${version} of document ${id} vanished`);
  return Document.fromOperation(snapshot.content);
}

async function attempt(store: Store, id: string, atMost: number): Promise<number | "none" | "damaged"> {
  try {
    return (await store.snapshot(id, atMost))?.version ?? "none";
  } catch (error) {
    if (error instanceof StoreError && error.code === "damaged") return "damaged";
    throw error;
  }
}

/** The store doesn't say which snapshot is damaged: it is the one that every version from its own on leads to. */
async function firstDamaged(store: Store, id: string, atMost: number): Promise<number> {
  let sound = -1;
  let damaged = atMost;
  while (damaged - sound > 1) {
    const middle = Math.floor((sound + damaged) / 2);
    if ((await attempt(store, id, middle)) === "damaged") damaged = middle;
    else sound = middle;
  }
  return damaged;
}
