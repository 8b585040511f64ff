import type { Conflict, DocumentHandle } from "@tutti/client";
import { type DocumentValue, useDocumentValue } from "./use-document-value.js";

const CONFLICT: DocumentValue<Conflict | undefined> = {
  subscribe: (document, listener) => document.on("conflict", listener),
  read: (document) => document.conflict,
  none: undefined,
};

/** Text of the person that can't just be saved, and the choice they have (C12); undefined: all is well. */
export function useConflict(document: DocumentHandle | undefined): Conflict | undefined {
  return useDocumentValue(document, CONFLICT);
}
