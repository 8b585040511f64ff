import { TuttiError } from "@tutti/protocol";
import type { DocumentRecord, Store } from "../storage/store.js";

/** A record as people get it. */
export function publicRecord(document: DocumentRecord) {
  const { id, title, kind, identicalInserts, createdBy, createdAt, updatedAt, trashed } = document;
  const moderated = document.moderated === true;
  const record = { id, title, type: kind, identicalInserts, createdBy, createdAt, updatedAt, moderated };
  return trashed === undefined ? record : { ...record, trashedAt: trashed.at };
}

/** @throws TuttiError `not_found`; StoreError */
export async function recordOf(store: Store, id: string): Promise<DocumentRecord> {
  const record = await store.document(id);
  if (record === undefined) throw new TuttiError("not_found", `there is no document ${id}`);
  return record;
}
