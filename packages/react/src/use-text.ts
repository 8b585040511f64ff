import type { DocumentHandle } from "@tutti/client";
import { ContentSnapshot, subscribeToContent } from "./content-snapshot.js";
import { type DocumentValue, useDocumentValue } from "./use-document-value.js";

const texts = new ContentSnapshot((document) => document.text());

const TEXT: DocumentValue<string> = {
  subscribe: subscribeToContent,
  read: (document) => texts.of(document),
  none: "",
};

/**
 * The plain text of a document, as the person sees it: local edits at once, those of others as they come. An embed shows
 * as U+FFFC. Each change costs O(length), so give a large document to an editor binding instead.
 *
 * @returns "" before the content is there
 */
export function useText(document: DocumentHandle | undefined): string {
  return useDocumentValue(document, TEXT);
}
