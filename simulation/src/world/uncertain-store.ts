import type { Random } from "@tutti/protocol";
import {
  type Append,
  type AppendOutcome,
  type ClientPosition,
  type DocumentRecord,
  type Store,
  type StoredOperation,
  type StoredSnapshot,
  StoreError,
} from "@tutti/server";

/**
 * A store whose answers get lost: an append may be durable although it was reported as failed, as when a connection to
 * a database breaks between commit and answer.
 */
export class UncertainStore implements Store {
  /** The probability that the answer to an append is lost. */
  lostAnswers = 0;
  readonly #store: Store;
  readonly #random: Random;

  constructor(store: Store, random: Random) {
    this.#store = store;
    this.#random = random;
  }

  async append(appends: readonly Append[]): Promise<readonly AppendOutcome[]> {
    const outcomes = await this.#store.append(appends);
    if (this.#random.next() < this.lostAnswers) throw new StoreError("unavailable", "the answer was lost");
    return outcomes;
  }

  createDocument(record: DocumentRecord): Promise<void> {
    return this.#store.createDocument(record);
  }

  document(id: string): Promise<DocumentRecord | undefined> {
    return this.#store.document(id);
  }

  documents(limit: number): Promise<readonly DocumentRecord[]> {
    return this.#store.documents(limit);
  }

  renameDocument(id: string, title: string, time: number): Promise<boolean> {
    return this.#store.renameDocument(id, title, time);
  }

  claim(document: string): Promise<number> {
    return this.#store.claim(document);
  }

  operations(document: string, after: number, upTo: number, limit: number): Promise<readonly StoredOperation[]> {
    return this.#store.operations(document, after, upTo, limit);
  }

  version(document: string): Promise<number> {
    return this.#store.version(document);
  }

  clientPosition(document: string, client: string): Promise<ClientPosition | undefined> {
    return this.#store.clientPosition(document, client);
  }

  saveSnapshot(document: string, snapshot: StoredSnapshot): Promise<void> {
    return this.#store.saveSnapshot(document, snapshot);
  }

  snapshot(document: string, atMost: number): Promise<StoredSnapshot | undefined> {
    return this.#store.snapshot(document, atMost);
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}
