import { type DocumentRecord, readRecord } from "../api.js";
import { forget, recall, remember } from "../offline/remembered.js";
import type { Session } from "../session/session.js";

/** The list of documents as the server gave it last: what is shown without a network. */
const keyOf = ({ user }: Session): string => `tutti.documents.${user.id}`;

export function rememberDocuments(session: Session, documents: readonly DocumentRecord[]): void {
  remember(
    keyOf(session),
    documents.map(({ kind, ...record }) => ({ ...record, type: kind })),
  );
}

/** Newest change first; empty when there was none, or it can't be read. */
export function recallDocuments(session: Session): readonly DocumentRecord[] {
  try {
    const documents = recall(keyOf(session));
    return Array.isArray(documents) ? documents.map(readRecord) : [];
  } catch {
    return [];
  }
}

export function forgetDocuments(session: Session): void {
  forget(keyOf(session));
}

/** A document that was opened, from a link perhaps: it belongs to the list without a network, too. */
export function rememberTitle(session: Session, opened: Pick<DocumentRecord, "id" | "kind" | "title">): void {
  const documents = recallDocuments(session);
  const known = documents.find(({ id }) => id === opened.id);
  const now = Date.now();
  const record = { createdAt: now, updatedAt: now, ...known, ...opened };
  rememberDocuments(session, [record, ...documents.filter((document) => document !== known)]);
}
