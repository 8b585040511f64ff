import { CommitQueue, type CommitStats } from "./commit-queue.js";
import { AccessTable } from "./postgres-access.js";
import { Appender } from "./postgres-append.js";
import { Connections, type PostgresSettings } from "./postgres-connections.js";
import { DocumentTable, unknownDocument } from "./postgres-documents.js";
import { JobTable } from "./postgres-jobs.js";
import { KnownDocuments } from "./postgres-known.js";
import { migratePostgres } from "./postgres-migrations.js";
import { OperationTable } from "./postgres-operations.js";
import { packInThread } from "./postgres-packing.js";
import { SegmentTable } from "./postgres-segments.js";
import { SnapshotTable } from "./postgres-snapshots.js";
import type { DocumentState } from "./sqlite-rows.js";
import {
  type Append,
  type AppendOutcome,
  type AuditEntry,
  type AuditQuery,
  type AuditRecord,
  type Chunk,
  type ChunkName,
  type ClientPosition,
  type DocumentRecord,
  type NamedVersion,
  type Permission,
  type SegmentInfo,
  type SnapshotInfo,
  type Store,
  type StoredOperation,
  type StoredSnapshot,
  StoreError,
} from "./store.js";

export interface PostgresStoreSettings extends PostgresSettings {
  /** The built packing thread; the one beside this module when left out. Tests that run from source state it. */
  readonly worker?: URL | undefined;
}

/** A large table may take a while to change. */
const MIGRATION_TIMEOUT = 3_600_000;
const CONNECTIONS = 8;

/**
 * The store of a cluster, and of whoever has a PostgreSQL anyway (D1). Appends go through the group commit of
 * `CommitQueue` over a connection of their own, so that no other work makes them wait; one transaction at a time is
 * under way, for more of them were not faster (docs/storage-postgresql.md).
 *
 * A read sees every write that was answered before it was called. When the server is gone, calls are `unavailable`
 * until it is back.
 */
export class PostgresStore implements Store {
  readonly #appends: Connections;
  readonly #connections: Connections;
  readonly #queue: CommitQueue;
  readonly #documents: DocumentTable;
  readonly #segments: SegmentTable;
  readonly #operations: OperationTable;
  readonly #snapshots: SnapshotTable;
  readonly #access: AccessTable;
  readonly #jobs: JobTable;
  readonly #worker: URL;
  #closing: Promise<void> | undefined;

  private constructor({ worker, ...settings }: PostgresStoreSettings) {
    const known = new KnownDocuments();
    this.#appends = new Connections(settings, 1);
    this.#connections = new Connections(settings, settings.poolSize ?? CONNECTIONS);
    const appender = new Appender(this.#appends, known);
    this.#queue = new CommitQueue((appends) => appender.append(appends));
    this.#documents = new DocumentTable(this.#connections, known);
    this.#segments = new SegmentTable(this.#connections);
    this.#operations = new OperationTable(this.#connections, this.#documents, this.#segments);
    this.#snapshots = new SnapshotTable(this.#connections, this.#documents);
    this.#access = new AccessTable(this.#connections, this.#documents);
    this.#jobs = new JobTable(this.#connections);
    this.#worker = worker ?? new URL("./postgres-packing-worker.js", import.meta.url);
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
    return (await this.#state(id))?.record;
  }

  async documents(limit: number): Promise<readonly DocumentRecord[]> {
    this.#checkOpen();
    return this.#documents.newest(limit);
  }

  async allDocuments(after: string | undefined, limit: number): Promise<readonly DocumentRecord[]> {
    this.#checkOpen();
    return this.#documents.all(after, limit);
  }

  async renameDocument(id: string, title: string, time: number): Promise<boolean> {
    return this.#change(id, (state) => renamed(state, title, time));
  }

  async trashDocument(id: string, by: string, time: number): Promise<boolean> {
    return this.#change(id, (state) => trashed(state, by, time));
  }

  async restoreDocument(id: string): Promise<boolean> {
    return this.#change(id, restored);
  }

  async purgeDocument(id: string): Promise<boolean> {
    this.#checkOpen();
    return this.#documents.purge(id);
  }

  async claim(document: string): Promise<number> {
    this.#checkOpen();
    const state = await this.#documents.update(document, claimed);
    if (state === undefined) throw unknownDocument(document);
    return state.epoch;
  }

  async append(appends: readonly Append[]): Promise<readonly AppendOutcome[]> {
    this.#checkOpen();
    return this.#queue.append(appends);
  }

  async operations(document: string, after: number, upTo: number, limit: number): Promise<readonly StoredOperation[]> {
    this.#checkOpen();
    return this.#operations.read(document, after, upTo, limit);
  }

  async version(document: string): Promise<number> {
    return (await this.#state(document))?.version ?? 0;
  }

  async clientPosition(document: string, client: string): Promise<ClientPosition | undefined> {
    this.#checkOpen();
    return this.#operations.clientPosition(document, client);
  }

  async compact(document: string, upTo: number): Promise<SegmentInfo | undefined> {
    this.#checkOpen();
    const operations = await this.#operations.unpacked(document, upTo);
    if (operations.length === 0) return undefined;
    const packed = await packInThread(this.#worker, operations);
    await this.#segments.write(document, packed);
    return packed.info;
  }

  async segments(document: string): Promise<readonly SegmentInfo[]> {
    this.#checkOpen();
    return this.#segments.list(document);
  }

  async segment(document: string, first: number): Promise<Uint8Array | undefined> {
    this.#checkOpen();
    return this.#segments.bytes(document, first);
  }

  async archiveSegment(document: string, first: number, key: string): Promise<boolean> {
    this.#checkOpen();
    return this.#segments.archive(document, first, key);
  }

  async saveChunks(document: string, chunks: readonly Chunk[], time: number): Promise<void> {
    this.#checkOpen();
    await this.#snapshots.saveChunks(document, chunks, time);
  }

  async chunks(document: string, names: readonly ChunkName[]): Promise<readonly Uint8Array[]> {
    this.#checkOpen();
    return this.#snapshots.chunks(document, names);
  }

  async saveSnapshot(document: string, snapshot: StoredSnapshot): Promise<void> {
    this.#checkOpen();
    await this.#snapshots.save(document, snapshot);
  }

  async snapshot(document: string, atMost: number): Promise<StoredSnapshot | undefined> {
    this.#checkOpen();
    return this.#snapshots.newest(document, atMost);
  }

  async snapshots(document: string): Promise<readonly SnapshotInfo[]> {
    this.#checkOpen();
    return this.#snapshots.list(document);
  }

  async deleteSnapshot(document: string, version: number): Promise<boolean> {
    this.#checkOpen();
    return this.#snapshots.delete(document, version);
  }

  async collectChunks(document: string, savedBefore: number): Promise<number> {
    this.#checkOpen();
    return this.#snapshots.collectChunks(document, savedBefore);
  }

  async nameVersion(document: string, named: NamedVersion): Promise<void> {
    this.#checkOpen();
    await this.#snapshots.nameVersion(document, named);
  }

  async namedVersions(document: string): Promise<readonly NamedVersion[]> {
    this.#checkOpen();
    return this.#snapshots.namedVersions(document);
  }

  async setRole(document: string, user: string, role: string | undefined): Promise<void> {
    this.#checkOpen();
    await this.#access.setRole(document, user, role);
  }

  async role(document: string, user: string): Promise<string | undefined> {
    this.#checkOpen();
    return this.#access.role(document, user);
  }

  async permissionsOf(document: string): Promise<readonly Permission[]> {
    this.#checkOpen();
    return this.#access.permissionsOf(document);
  }

  async permissionsFor(user: string, after: string | undefined, limit: number): Promise<readonly Permission[]> {
    this.#checkOpen();
    return this.#access.permissionsFor(user, after, limit);
  }

  async audit(entries: readonly AuditEntry[]): Promise<void> {
    this.#checkOpen();
    await this.#access.audit(entries);
  }

  async auditRecords(query: AuditQuery, limit: number): Promise<readonly AuditRecord[]> {
    this.#checkOpen();
    return this.#access.auditRecords(query, limit);
  }

  async jobState(job: string): Promise<string | undefined> {
    this.#checkOpen();
    return this.#jobs.state(job);
  }

  async saveJobState(job: string, state: string | undefined): Promise<void> {
    this.#checkOpen();
    await this.#jobs.save(job, state);
  }

  /** Autovacuum does that by itself. */
  async reclaimSpace(): Promise<boolean> {
    this.#checkOpen();
    return false;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** How well commits are shared: for metrics (O1) and for shedding load by `queued` (S7). */
  stats(): CommitStats {
    return this.#queue.stats();
  }

  async #state(id: string): Promise<DocumentState | undefined> {
    this.#checkOpen();
    return this.#documents.find(id);
  }

  async #change(id: string, change: (state: DocumentState) => DocumentState | undefined): Promise<boolean> {
    this.#checkOpen();
    return (await this.#documents.update(id, change)) !== undefined;
  }

  async #close(): Promise<void> {
    await this.#queue.drained();
    await Promise.all([this.#appends.close(), this.#connections.close()]);
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new StoreError("closed", "the store is closed");
  }
}

/** The changes of a document's row; undefined for what is not allowed. */
const renamed = (state: DocumentState, title: string, time: number): DocumentState => ({
  ...state,
  record: { ...state.record, title, updatedAt: Math.max(state.record.updatedAt, time) },
});

function claimed(state: DocumentState): DocumentState | undefined {
  return state.record.trashed === undefined ? { ...state, epoch: state.epoch + 1 } : undefined;
}

function trashed(state: DocumentState, by: string, time: number): DocumentState | undefined {
  if (state.record.trashed !== undefined) return undefined;
  return { ...state, epoch: state.epoch + 1, record: { ...state.record, trashed: { at: time, by } } };
}

function restored(state: DocumentState): DocumentState | undefined {
  const { trashed: since, ...record } = state.record;
  return since && { ...state, record };
}
