import type { DocumentHandle } from "@tutti/client";

/**
 * Whether the person may type: an edit is taken now, and the document is in no status in which typing would only make
 * text that cannot be kept as it is.
 */
export function isWritable(doc: DocumentHandle): boolean {
  return doc.writable && doc.status !== "Read-only mode" && doc.status !== "Conflict";
}
