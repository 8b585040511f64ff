import { CommitQueue, type CommitStats } from "./commit-queue.js";
import { Appender } from "./postgres-append.js";
import { Connections, type PostgresSettings } from "./postgres-connections.js";
import { DocumentTable } from "./postgres-documents.js";
import { KnownDocuments } from "./postgres-known.js";
import { migratePostgres } from "./postgres-migrations.js";
import { OperationTable } from "./postgres-operations.js";
import type { DocumentState } from "./sqlite-rows.js";
import {
  type Append,
  type AppendOutcome,
  type ClientPosition,
  type DocumentRecord,
  type StoredOperation,
  StoreError,
} from "./store.js";

export type PostgresStoreSettings = PostgresSettings;

/** A large table may take a while to change. */
const MIGRATION_TIMEOUT = 3_600_000;

/**
 * The store of a cluster, and of whoever has a PostgreSQL anyway (D1). Appends go through the group commit of
 * `CommitQueue` over a connection of their own, so that no other work makes them wait; one transaction at a time is
 * under way, for more of them were not faster (docs/storage-postgresql.md).
 *
 * A read sees every write that was answered before it was called. When the server is gone, calls are `unavailable`
 * until it is back.
 */
export class PostgresStore {
  readonly #writes: Connections;
  readonly #others: Connections;
  readonly #queue: CommitQueue;
  readonly #documents: DocumentTable;
  readonly #operations: OperationTable;
  #closing: Promise<void> | undefined;

  private constructor(settings: PostgresStoreSettings) {
    const known = new KnownDocuments();
    this.#writes = new Connections(settings, 1);
    this.#others = new Connections(settings, settings.poolSize ?? 8);
    const appender = new Appender(this.#writes, known);
    this.#queue = new CommitQueue((appends) => appender.append(appends));
    this.#documents = new DocumentTable(this.#others, known);
    this.#operations = new OperationTable(this.#others);
  }

  /**
   * Connects, and brings the database to the newest schema.
   * @throws StoreError `unavailable`, or `unsupported_version` when a newer release wrote it
   */
  static async open(settings: PostgresStoreSettings): Promise<PostgresStore> {
    const connections = new Connections({ ...settings, statementTimeout: MIGRATION_TIMEOUT }, 1);
    try {
      await connections.transaction((session) => migratePostgres(session));
    } finally {
      await connections.close();
    }
    return new PostgresStore(settings);
  }

  async createDocument(record: DocumentRecord): Promise<void> {
    this.#checkOpen();
    await this.#documents.create(record);
  }

  async document(id: string): Promise<DocumentRecord | undefined> {
    this.#checkOpen();
    return (await this.#documents.find(id))?.record;
  }

  async documents(limit: number): Promise<readonly DocumentRecord[]> {
    this.#checkOpen();
    return this.#documents.newest(limit);
  }

  async renameDocument(id: string, title: string, time: number): Promise<boolean> {
    this.#checkOpen();
    const renamed = await this.#documents.update(id, (state) => renamedTo(state, title, time));
    return renamed !== undefined;
  }

  async claim(document: string): Promise<number> {
    this.#checkOpen();
    const claimed = await this.#documents.update(document, (state) => ({ ...state, epoch: state.epoch + 1 }));
    if (claimed === undefined) throw unknownDocument(document);
    return claimed.epoch;
  }

  async append(appends: readonly Append[]): Promise<readonly AppendOutcome[]> {
    this.#checkOpen();
    return this.#queue.append(appends);
  }

  async operations(
    document: string,
    after: number,
    upTo: number,
    limit: number,
  ): Promise<readonly StoredOperation[]> {
    const newest = await this.version(document);
    return this.#operations.range(document, after, Math.min(upTo, newest), limit);
  }

  async version(document: string): Promise<number> {
    this.#checkOpen();
    return (await this.#documents.find(document))?.version ?? 0;
  }

  async clientPosition(document: string, client: string): Promise<ClientPosition | undefined> {
    this.#checkOpen();
    return this.#operations.newestOf(document, client);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** How well commits are shared: for metrics (O1) and for shedding load by `queued` (S7). */
  stats(): CommitStats {
    return this.#queue.stats();
  }

  async #close(): Promise<void> {
    await this.#queue.drained();
    await Promise.all([this.#writes.close(), this.#others.close()]);
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new StoreError("closed", "the store is closed");
  }
}

function renamedTo(state: DocumentState, title: string, time: number): DocumentState {
  const updatedAt = Math.max(state.record.updatedAt, time);
  return { ...state, record: { ...state.record, title, updatedAt } };
}

function unknownDocument(id: string): StoreError {
  return new StoreError("unknown_document", `there is no document ${id}`);
}
