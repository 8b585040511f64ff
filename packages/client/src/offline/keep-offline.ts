import type { Offline } from "./offline.js";
import { OfflineDocuments } from "./offline-documents.js";
import { OfflineSession } from "./offline-session.js";
import type { OfflineStore } from "./offline-store.js";

export interface KeepOptions {
  /** Of more documents than this, the oldest ones without pending edits are not kept; left out: 100. */
  readonly documents?: number;
}

const DOCUMENTS = 100;

/** Documents are kept in `store`. */
export function keepOffline(store: OfflineStore, { documents = DOCUMENTS }: KeepOptions = {}): Offline {
  return {
    documents: () => store.documents(),
    forget: () => forget(store),
    attach(clock) {
      const offline = new OfflineDocuments({ store, clock, documents });
      return (options) => new OfflineSession({ ...options, offline });
    },
  };
}

async function forget(store: OfflineStore): Promise<void> {
  for (const document of await store.documents()) {
    for (let journal = await store.claim(document); journal !== undefined; journal = await store.claim(document)) {
      await journal.delete();
    }
  }
}
