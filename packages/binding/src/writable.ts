import type { DocumentHandle } from "@tutti/client";

/**
 * Whether what the person types can become part of the document: their role lets them write, and the document is in
 * no status in which typing would only produce text that cannot be kept.
 */
export function isWritable(doc: DocumentHandle): boolean {
  // A client that knows nothing of roles has no such field: then everybody writes.
  const { writable } = doc as { readonly writable?: boolean };
  return writable !== false && doc.status !== "Read-only mode" && doc.status !== "Conflict";
}
