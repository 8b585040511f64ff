import { useCallback, useSyncExternalStore } from "react";
import { type DocumentState, NOT_OPEN, openDocumentsOf } from "./open-documents.js";
import { useClient } from "./provider.js";

/**
 * A document, open for as long as a component is there that asks for it. Components that ask for the same id share one
 * handle; it is closed when the last of them has left, so don't close it yourself.
 *
 * @param id what `POST /v1/documents` answered
 * @returns the state; `document` is undefined during the first render and on a server, the other hooks take that
 * @throws Error outside of a `TuttiProvider`
 */
export function useDocument(id: string): DocumentState {
  const documents = openDocumentsOf(useClient());
  const subscribe = useCallback((listener: () => void) => documents.subscribe(id, listener), [documents, id]);
  return useSyncExternalStore(
    subscribe,
    () => documents.state(id),
    () => NOT_OPEN,
  );
}
