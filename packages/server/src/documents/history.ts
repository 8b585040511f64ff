import type { Operation } from "@tutti/ot";
import type { Store, StoredOperation } from "../storage/store.js";

/** Newest operations kept in memory: a client that is at most this far behind costs no read. */
const CAPACITY = 2000;
const READ_AT_ONCE = 5000;

/** The durable operations of one document: the newest ones in memory, the older ones read from the store. */
export class History {
  readonly #store: Store;
  readonly #document: string;
  #recent: StoredOperation[] = [];
  #version: number;

  constructor(store: Store, document: string, recent: readonly StoredOperation[], version: number) {
    this.#store = store;
    this.#document = document;
    this.#version = version;
    this.append(recent.slice(-CAPACITY), version);
  }

  /** The newest durable version. */
  get version(): number {
    return this.#version;
  }

  append(operations: readonly StoredOperation[], version: number): void {
    for (const operation of operations) this.#recent.push(operation);
    this.#version = version;
    // Twice the capacity before cutting, so that the cost of a cut is spread over many commits.
    if (this.#recent.length > 2 * CAPACITY) this.#recent = this.#recent.slice(-CAPACITY);
  }

  /** All operations after a version, where memory holds them; undefined where it doesn't. */
  recentSince(version: number): readonly StoredOperation[] | undefined {
    const count = this.#version - version;
    if (count > this.#recent.length) return undefined;
    return count === 0 ? [] : this.#recent.slice(-count);
  }

  /**
   * All operations after a version. When the promise is awaited at once, the list reaches up to `this.version`.
   * @throws StoreError
   */
  async since(version: number): Promise<readonly StoredOperation[]> {
    const older: StoredOperation[] = [];
    for (;;) {
      const after = version + older.length;
      const recent = this.recentSince(after);
      if (recent !== undefined) return older.length === 0 ? recent : [...older, ...recent];
      const read = await this.#store.operations(this.#document, after, this.#version, READ_AT_ONCE);
      if (read.length === 0) throw new Error(`operations after version ${after} are missing in the store`);
      older.push(...read);
    }
  }
}

export const operationsOf = (stored: readonly StoredOperation[]): readonly Operation[] =>
  stored.map((entry) => entry.operation);
