import { CommitQueue, type CommitStats } from "./commit-queue.js";
import type { Arguments, Method, Result } from "./sqlite-calls.js";
import type { SqliteSettings } from "./sqlite-connection.js";
import { SqliteThread } from "./sqlite-thread.js";
import {
  type Append,
  type AppendOutcome,
  type ClientPosition,
  type DocumentRecord,
  type Store,
  type StoredOperation,
  type StoredSnapshot,
  StoreError,
} from "./store.js";

export interface SqliteStoreSettings extends SqliteSettings {
  /** The built worker; the one beside this module when left out. Tests that run from source state it. */
  readonly worker?: URL | undefined;
}

/**
 * The store of a server on one machine (D1): one SQLite file, all SQL in one worker thread, so that neither a sync nor
 * a large snapshot ever blocks the event loop. Appends go through the group commit of `CommitQueue`.
 *
 * A thread that ends by itself is replaced at the next call: what it had not answered is `unavailable`.
 */
export class SqliteStore implements Store {
  readonly #settings: SqliteStoreSettings;
  readonly #queue = new CommitQueue((appends) => this.#run("append", [appends]));
  #thread: Promise<SqliteThread> | undefined;
  #closing: Promise<void> | undefined;

  private constructor(settings: SqliteStoreSettings) {
    this.#settings = settings;
  }

  /**
   * Opens the database, makes it when missing, and brings it to the newest schema.
   * @throws StoreError `unavailable`, `damaged`, or `unsupported_version` when a newer release wrote it
   */
  static async open(settings: SqliteStoreSettings): Promise<SqliteStore> {
    const store = new SqliteStore(settings);
    await store.#connected();
    return store;
  }

  createDocument(record: DocumentRecord): Promise<void> {
    return this.#call("createDocument", [record]);
  }

  document(id: string): Promise<DocumentRecord | undefined> {
    return this.#call("document", [id]);
  }

  documents(limit: number): Promise<readonly DocumentRecord[]> {
    return this.#call("documents", [limit]);
  }

  renameDocument(id: string, title: string, time: number): Promise<boolean> {
    return this.#call("renameDocument", [id, title, time]);
  }

  claim(document: string): Promise<number> {
    return this.#call("claim", [document]);
  }

  async append(appends: readonly Append[]): Promise<readonly AppendOutcome[]> {
    this.#checkOpen();
    return this.#queue.append(appends);
  }

  operations(document: string, after: number, upTo: number, limit: number): Promise<readonly StoredOperation[]> {
    return this.#call("operations", [document, after, upTo, limit]);
  }

  version(document: string): Promise<number> {
    return this.#call("version", [document]);
  }

  clientPosition(document: string, client: string): Promise<ClientPosition | undefined> {
    return this.#call("clientPosition", [document, client]);
  }

  saveSnapshot(document: string, snapshot: StoredSnapshot): Promise<void> {
    return this.#call("saveSnapshot", [document, snapshot]);
  }

  snapshot(document: string, atMost: number): Promise<StoredSnapshot | undefined> {
    return this.#call("snapshot", [document, atMost]);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** How well commits are shared: for metrics (O1) and for shedding load by `queued` (S7). */
  stats(): CommitStats {
    return this.#queue.stats();
  }

  async #call<M extends Method>(method: M, args: Arguments<M>): Promise<Result<M>> {
    this.#checkOpen();
    return this.#run(method, args);
  }

  async #run<M extends Method>(method: M, args: Arguments<M>): Promise<Result<M>> {
    const thread = await this.#connected();
    return thread.call(method, args);
  }

  #connected(): Promise<SqliteThread> {
    this.#thread ??= this.#start();
    return this.#thread;
  }

  #start(): Promise<SqliteThread> {
    const { worker = new URL("./sqlite-worker.js", import.meta.url), ...settings } = this.#settings;
    return SqliteThread.start(worker, settings, () => {
      this.#thread = undefined;
    });
  }

  async #close(): Promise<void> {
    await this.#queue.drained();
    // A thread that could not be started again has nothing to close.
    const thread = await this.#thread?.catch(() => undefined);
    await thread?.close();
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new StoreError("closed", "the store is closed");
  }
}
