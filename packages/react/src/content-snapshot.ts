import type { DocumentHandle } from "@tutti/client";

/**
 * Reads something that depends on the content of a document alone, and reads it again only when the content is another
 * one: its checksum says so at next to no cost (E9). So the same content gives the same value, as React demands of
 * what it renders.
 */
export class ContentSnapshot<T> {
  readonly #read: (document: DocumentHandle) => T;
  readonly #known = new WeakMap<DocumentHandle, { readonly checksum: number; readonly value: T }>();

  constructor(read: (document: DocumentHandle) => T) {
    this.#read = read;
  }

  of(document: DocumentHandle): T {
    const known = this.#known.get(document);
    const { checksum } = document;
    if (known?.checksum === checksum) return known.value;
    const value = this.#read(document);
    this.#known.set(document, { checksum, value });
    return value;
  }
}

/** Tells `listener` when the content may be another one: with every change, and when it has arrived. */
export function subscribeToContent(document: DocumentHandle, listener: () => void): () => void {
  let left = false;
  const cancel = document.on("change", listener);
  document.ready.then(
    () => left || listener(),
    () => undefined, // `useDocument` says it.
  );
  return () => {
    left = true;
    cancel();
  };
}
