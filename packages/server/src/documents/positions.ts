import type { ClientPosition, Store } from "../storage/store.js";

/** Positions remembered for clients that are not here; those of others are read from the store again. */
const CAPACITY = 1000;

/** The newest operation of each client of one document, pending ones included: what deduplication asks (S2). */
export class ClientPositions {
  readonly #store: Store;
  readonly #document: string;
  readonly #known = new Map<string, ClientPosition>();

  constructor(store: Store, document: string) {
    this.#store = store;
    this.#document = document;
  }

  /** What is in memory: complete for every client that `load` was called for and that is not forgotten. */
  get(client: string): ClientPosition | undefined {
    return this.#known.get(client);
  }

  /** @throws StoreError */
  async load(client: string): Promise<ClientPosition | undefined> {
    const known = this.#known.get(client);
    if (known !== undefined) return known;
    const stored = await this.#store.clientPosition(this.#document, client);
    // Memory may have got a newer one while the store was read.
    const newest = this.#known.get(client) ?? stored;
    if (newest !== undefined) this.set(client, newest);
    return newest;
  }

  /** undefined: the client has not written anything yet. */
  set(client: string, position: ClientPosition | undefined): void {
    this.#known.delete(client);
    if (position !== undefined) this.#known.set(client, position);
  }

  /** Forgets the longest unchanged ones beyond the capacity, except those still in use. */
  trim(inUse: (client: string) => boolean): void {
    let excess = this.#known.size - CAPACITY;
    for (const client of this.#known.keys()) {
      if (excess <= 0) return;
      if (inUse(client)) continue;
      this.#known.delete(client);
      excess -= 1;
    }
  }
}
