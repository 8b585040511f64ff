import { browserStore, type OfflineStore } from "@tutti/client";
import type { Session } from "../session/session.js";

let current: { readonly user: string; readonly store: OfflineStore } | null = null;

/** What is kept on this device for a person; the origin of the page stands for the server. One for the whole tab. */
export function deviceStoreOf({ user }: Session): OfflineStore {
  if (current?.user !== user.id) current = { user: user.id, store: browserStore({ name: `tutti ${user.id}` }) };
  return current.store;
}

/** The documents that open without a network; none where the browser keeps nothing. */
export async function keptDocuments(session: Session): Promise<ReadonlySet<string>> {
  try {
    return new Set(await deviceStoreOf(session).documents());
  } catch {
    return new Set();
  }
}

/** Deletes everything that is kept for a person, except what another tab of theirs has open. */
export async function emptyDeviceStore(session: Session): Promise<void> {
  const store = deviceStoreOf(session);
  for (const document of await keptDocuments(session)) {
    for (let journal = await store.claim(document); journal; journal = await store.claim(document)) {
      await journal.delete();
    }
  }
}
