import { forgetDocuments, recallDocuments } from "../home/known-documents.js";
import { deviceStoreOf } from "../offline/device-store.js";
import { noteArrived, waitingDocuments } from "../offline/waiting.js";
import { closeClient } from "./client.js";
import type { Session } from "./session.js";
import { setSession } from "./session-store.js";

/** Signs the person out of this tab, and removes from this device what is kept for them: somebody else may use it next. */
export async function signOut(session: Session): Promise<void> {
  closeClient();
  for (const id of waitingDocuments(session)) noteArrived(session, id);
  forgetDocuments(session);
  setSession(null);
  // What can't be removed is of no harm to the person; they asked to leave.
  await deviceStoreOf(session)
    .forget()
    .catch(() => undefined);
}

/** A document with text that has not reached the server. Several may have one title. */
export interface DocumentAtStake {
  readonly id: string;
  readonly title: string;
}

/** The documents with text that would be lost by signing out now. */
export function documentsAtStake(session: Session): readonly DocumentAtStake[] {
  const titles = new Map(recallDocuments(session).map(({ id, title }) => [id, title]));
  return waitingDocuments(session).map((id) => ({ id, title: titles.get(id) || "Untitled" }));
}
