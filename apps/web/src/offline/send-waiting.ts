import { clientFor } from "../session/client.js";
import type { Session } from "../session/session.js";
import { noteArrived, waitingDocuments } from "./waiting.js";

/**
 * Brings text that was written without a network to the server, document by document, although nobody has opened them
 * again. What can't be sent stays where it is: opening the document says why.
 *
 * @returns how many documents still have text that waits
 */
export async function sendWaiting(session: Session): Promise<number> {
  for (const id of waitingDocuments(session)) {
    const document = clientFor(session).open(id);
    try {
      await document.ready;
      await document.saved();
      noteArrived(session, id);
    } catch {
      // Deleted, or not allowed any more: the conflict waits for the person in the document.
    } finally {
      document.close();
    }
  }
  return waitingDocuments(session).length;
}
