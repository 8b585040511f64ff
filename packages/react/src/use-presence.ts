import type { DocumentHandle, Person } from "@tutti/client";
import { type DocumentValue, useDocumentValue } from "./use-document-value.js";

const OTHERS: DocumentValue<readonly Person[]> = {
  subscribe: ({ presence }, listener) => presence.on("change", listener),
  read: ({ presence }) => presence.others,
  none: [],
};

/**
 * Who else is in a document, and where (P2): one entry for each of their tabs. Tell them where you are with
 * `document.presence.setCursor`.
 */
export function usePresence(document: DocumentHandle | undefined): readonly Person[] {
  return useDocumentValue(document, OTHERS);
}
