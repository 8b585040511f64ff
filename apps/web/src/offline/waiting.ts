import type { Session } from "../session/session.js";
import { forget, recalledKeys, remember } from "./remembered.js";

/**
 * Which documents hold text that has not reached the server, as far as this device knows. The text itself is kept by the
 * client; this only says where to look, without opening every document. Each tab answers for itself.
 */
const prefixOf = ({ user }: Session): string => `tutti.waiting.${user.id}.`;
const TAB = crypto.randomUUID().slice(0, 8);

/** Told by whoever has a document open. */
export function noteWaiting(session: Session, document: string, waiting: boolean): void {
  const key = `${prefixOf(session)}${document}.${TAB}`;
  if (waiting) remember(key, true);
  else forget(key);
}

/** Ids of documents with text that waits. */
export function waitingDocuments(session: Session): readonly string[] {
  const prefix = prefixOf(session);
  return [...new Set(recalledKeys(prefix).map((key) => key.slice(prefix.length).split(".")[0] ?? ""))];
}

/** All text of a document has arrived, that of tabs which are gone included. */
export function noteArrived(session: Session, document: string): void {
  for (const key of recalledKeys(`${prefixOf(session)}${document}.`)) forget(key);
}
