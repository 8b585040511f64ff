import type { DocumentHandle, Status } from "@tutti/client";
import { type DocumentValue, useDocumentValue } from "./use-document-value.js";

const STATUS: DocumentValue<Status> = {
  subscribe: (document, listener) => document.on("status", listener),
  read: (document) => document.status,
  none: "Syncing…",
};

/** How a document stands, in words that a person reads (C8). */
export function useStatus(document: DocumentHandle | undefined): Status {
  return useDocumentValue(document, STATUS);
}
