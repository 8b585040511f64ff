import type { DocumentHandle, TuttiClient } from "@tutti/client";

/** How far a document is. The same state is the same object, so components can compare it. */
export type DocumentState =
  /** Its content is on the way; `document` is there as soon as the component is mounted. */
  | { readonly phase: "opening"; readonly document: DocumentHandle | undefined }
  | { readonly phase: "ready"; readonly document: DocumentHandle }
  /** It cannot be opened; `error` is a TuttiError whose code says why. After `setToken` it may become ready yet. */
  | { readonly phase: "failed"; readonly document: DocumentHandle | undefined; readonly error: unknown };

/** What is used of a client. */
export type DocumentSource = Pick<TuttiClient, "open">;

interface Entry {
  state: DocumentState;
  readonly listeners: Set<() => void>;
}

/** Before a component is mounted, and on a server that renders it. */
export const NOT_OPEN: DocumentState = { phase: "opening", document: undefined };

const known = new WeakMap<DocumentSource, OpenDocuments>();

/** The documents that the components of one client have open: one list, however many providers there are. */
export function openDocumentsOf(client: DocumentSource): OpenDocuments {
  const documents = known.get(client) ?? new OpenDocuments(client);
  known.set(client, documents);
  return documents;
}

/**
 * The documents that components have open. The first component that subscribes to a document opens it, and it closes
 * when the last one has left: at the end of the task, so that it stays open where one component takes over from another,
 * or where StrictMode unmounts and mounts again.
 */
export class OpenDocuments {
  readonly #client: DocumentSource;
  readonly #entries = new Map<string, Entry>();

  constructor(client: DocumentSource) {
    this.#client = client;
  }

  /** The state of a document; `NOT_OPEN` while nobody subscribes to it. */
  state(id: string): DocumentState {
    return this.#entries.get(id)?.state ?? NOT_OPEN;
  }

  /**
   * Keeps a document open until the returned function is called.
   * @param listener told whenever `state(id)` is another one
   */
  subscribe(id: string, listener: () => void): () => void {
    const entry = this.#entries.get(id) ?? this.#open(id);
    // A wrapper of its own, so that one function can subscribe twice and leave once.
    const own = () => listener();
    entry.listeners.add(own);
    return () => {
      if (entry.listeners.delete(own) && entry.listeners.size === 0) queueMicrotask(() => this.#closeUnused(id, entry));
    };
  }

  #open(id: string): Entry {
    const entry: Entry = { state: NOT_OPEN, listeners: new Set() };
    this.#entries.set(id, entry);
    try {
      const document = this.#client.open(id);
      entry.state = { phase: "opening", document };
      this.#await(entry, document);
    } catch (error) {
      entry.state = { phase: "failed", document: undefined, error };
    }
    return entry;
  }

  #await(entry: Entry, document: DocumentHandle): void {
    const { ready } = document;
    ready.then(
      () => this.#enter(entry, { phase: "ready", document }),
      (error: unknown) => {
        this.#awaitAgain(entry, document, ready);
        this.#enter(entry, { phase: "failed", document, error });
      },
    );
  }

  /** A document that was refused may become ready after all: when the person has signed in again (A1). */
  #awaitAgain(entry: Entry, document: DocumentHandle, refused: Promise<void>): void {
    const cancel = document.on("status", () => {
      if (document.ready === refused) return;
      cancel();
      this.#await(entry, document);
    });
  }

  #enter(entry: Entry, state: DocumentState): void {
    entry.state = state;
    for (const listener of [...entry.listeners]) listener();
  }

  #closeUnused(id: string, entry: Entry): void {
    if (entry.listeners.size > 0 || this.#entries.get(id) !== entry) return;
    this.#entries.delete(id);
    entry.state.document?.close();
  }
}
