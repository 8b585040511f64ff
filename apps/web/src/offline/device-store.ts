import { browserStore, type Offline } from "@tutti/client/offline";
import type { Session } from "../session/session.js";

let current: { readonly user: string; readonly store: Offline } | null = null;

/** What is kept on this device for a person; the origin of the page stands for the server. One for the whole tab. */
export function deviceStoreOf({ user }: Session): Offline {
  if (current?.user !== user.id) current = { user: user.id, store: browserStore({ name: user.id }) };
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
