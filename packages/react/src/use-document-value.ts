import type { DocumentHandle } from "@tutti/client";
import { useCallback, useSyncExternalStore } from "react";

/** Something of a document that components show. Constant, so define it outside of the component. */
export interface DocumentValue<T> {
  /** Tells the listener when the value may be another one. */
  subscribe(document: DocumentHandle, listener: () => void): () => void;
  /** The same value (by `Object.is`) for as long as nothing has changed. */
  read(document: DocumentHandle): T;
  /** Without a document, and on a server. */
  readonly none: T;
}

const nothing = () => undefined;

/** Renders again when the value is another one, and only then. */
export function useDocumentValue<T>(document: DocumentHandle | undefined, value: DocumentValue<T>): T {
  const subscribe = useCallback(
    (listener: () => void) => (document === undefined ? nothing : value.subscribe(document, listener)),
    [document, value],
  );
  return useSyncExternalStore(
    subscribe,
    () => (document === undefined ? value.none : value.read(document)),
    () => value.none,
  );
}
