import type { DocumentHandle } from "@tutti/client";
import { ContentSnapshot, subscribeToContent } from "./content-snapshot.js";
import { type DocumentValue, useDocumentValue } from "./use-document-value.js";

const contents = new ContentSnapshot((document) => document.content());

const CONTENT: DocumentValue<ReturnType<DocumentHandle["content"]>> = {
  subscribe: subscribeToContent,
  read: (document) => contents.of(document),
  none: [],
};

/**
 * The content of a document as a Delta of inserts: text with its formatting, and embeds. The same list for as long as
 * nothing changes. Each change costs O(length).
 *
 * @returns [] before the content is there
 */
export function useContent(document: DocumentHandle | undefined): ReturnType<DocumentHandle["content"]> {
  return useDocumentValue(document, CONTENT);
}
