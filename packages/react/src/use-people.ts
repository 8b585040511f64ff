import type { DocumentHandle, PersonPresent } from "@tutti/client";
import { type DocumentValue, useDocumentValue } from "./use-document-value.js";

const PEOPLE: DocumentValue<readonly PersonPresent[]> = {
  subscribe: ({ presence }, listener) => presence.on("change", listener),
  read: ({ presence }) => presence.people,
  none: [],
};

/** Who else is in a document: one entry for each person, however many tabs they have (P2). */
export function usePeople(document: DocumentHandle | undefined): readonly PersonPresent[] {
  return useDocumentValue(document, PEOPLE);
}
