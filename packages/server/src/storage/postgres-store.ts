import { CommitQueue, type CommitStats } from "./commit-queue.js";
import { AccessTable } from "./postgres-access.js";
import { Appender } from "./postgres-append.js";
import { Connections, type PostgresSettings, type Session } from "./postgres-connections.js";
import { DocumentTable, unknownDocument } from "./postgres-documents.js";
import { JobTable } from "./postgres-jobs.js";
import { KnownDocuments } from "./postgres-known.js";
import { migratePostgres } from "./postgres-migrations.js";
import { OperationTable } from "./postgres-operations.js";
import { packInThread } from "./postgres-packing.js";
import { SegmentTable } from "./postgres-segments.js";
import { SnapshotTable } from "./postgres-snapshots.js";
import { type DocumentState, moderatedRecord } from "./rows.js";
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
 * under way, for more of them cost more and gain little (docs/storage-postgresql.md).
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
  readonly #running = new Set<Promise<unknown>>();
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
      await connections.use(checkEncoding);
      await connections.transaction((session) => migratePostgres(session));
    } finally {
      await connections.close();
    }
    return new PostgresStore(settings);
  }

  createDocument(record: DocumentRecord): Promise<void> {
    return this.#call(() => this.#documents.create(record));
  }

  async document(id: string): Promise<DocumentRecord | undefined> {
    return (await this.#state(id))?.record;
  }

  documents(limit: number): Promise<readonly DocumentRecord[]> {
    return this.#call(() => this.#documents.newest(limit));
  }

  trashedDocuments(createdBy: string, limit: number): Promise<readonly DocumentRecord[]> {
    return this.#call(() => this.#documents.inTrash(createdBy, limit));
  }

  allDocuments(after: string | undefined, limit: number): Promise<readonly DocumentRecord[]> {
    return this.#call(() => this.#documents.all(after, limit));
  }

  documentCount(createdBy: string): Promise<number> {
    return this.#call(() => this.#documents.count(createdBy));
  }

  async renameDocument(id: string, title: string, time: number): Promise<boolean> {
    return this.#change(id, (state) => renamed(state, title, time));
  }

  async moderateDocument(id: string, moderated: boolean): Promise<boolean> {
    return this.#change(id, (state) => ({ ...state, record: moderatedRecord(state.record, moderated) }));
  }

  async trashDocument(id: string, by: string, time: number): Promise<boolean> {
    return this.#change(id, (state) => trashed(state, by, time));
  }

  async restoreDocument(id: string): Promise<boolean> {
    return this.#change(id, restored);
  }

  purgeDocument(id: string): Promise<boolean> {
    return this.#call(() => this.#documents.purge(id));
  }

  async claim(document: string): Promise<number> {
    const state = await this.#call(() => this.#documents.update(document, claimed));
    if (state === undefined) throw unknownDocument(document);
    return state.epoch;
  }

  append(appends: readonly Append[]): Promise<readonly AppendOutcome[]> {
    return this.#call(() => this.#queue.append(appends));
  }

  operations(document: string, after: number, upTo: number, limit: number): Promise<readonly StoredOperation[]> {
    return this.#call(() => this.#operations.read(document, after, upTo, limit));
  }

  async version(document: string): Promise<number> {
    return (await this.#state(document))?.version ?? 0;
  }

  clientPosition(document: string, client: string): Promise<ClientPosition | undefined> {
    return this.#call(() => this.#operations.clientPosition(document, client));
  }

  compact(document: string, upTo: number): Promise<SegmentInfo | undefined> {
    return this.#call(() => this.#compact(document, upTo));
  }

  segments(document: string): Promise<readonly SegmentInfo[]> {
    return this.#call(() => this.#segments.list(document));
  }

  segment(document: string, first: number): Promise<Uint8Array | undefined> {
    return this.#call(() => this.#segments.bytes(document, first));
  }

  archiveSegment(document: string, first: number, key: string): Promise<boolean> {
    return this.#call(() => this.#segments.archive(document, first, key));
  }

  saveChunks(document: string, chunks: readonly Chunk[], time: number): Promise<void> {
    return this.#call(() => this.#snapshots.saveChunks(document, chunks, time));
  }

  chunks(document: string, names: readonly ChunkName[]): Promise<readonly Uint8Array[]> {
    return this.#call(() => this.#snapshots.chunks(document, names));
  }

  saveSnapshot(document: string, snapshot: StoredSnapshot): Promise<void> {
    return this.#call(() => this.#snapshots.save(document, snapshot));
  }

  snapshot(document: string, atMost: number): Promise<StoredSnapshot | undefined> {
    return this.#call(() => this.#snapshots.newest(document, atMost));
  }

  snapshots(document: string): Promise<readonly SnapshotInfo[]> {
    return this.#call(() => this.#snapshots.list(document));
  }

  deleteSnapshot(document: string, version: number): Promise<boolean> {
    return this.#call(() => this.#snapshots.delete(document, version));
  }

  collectChunks(document: string, savedBefore: number): Promise<number> {
    return this.#call(() => this.#snapshots.collectChunks(document, savedBefore));
  }

  nameVersion(document: string, named: NamedVersion): Promise<void> {
    return this.#call(() => this.#snapshots.nameVersion(document, named));
  }

  namedVersions(document: string): Promise<readonly NamedVersion[]> {
    return this.#call(() => this.#snapshots.namedVersions(document));
  }

  setRole(document: string, user: string, role: string | undefined): Promise<void> {
    return this.#call(() => this.#access.setRole(document, user, role));
  }

  role(document: string, user: string): Promise<string | undefined> {
    return this.#call(() => this.#access.role(document, user));
  }

  permissionsOf(document: string): Promise<readonly Permission[]> {
    return this.#call(() => this.#access.permissionsOf(document));
  }

  permissionsFor(user: string, after: string | undefined, limit: number): Promise<readonly Permission[]> {
    return this.#call(() => this.#access.permissionsFor(user, after, limit));
  }

  audit(entries: readonly AuditEntry[]): Promise<void> {
    return this.#call(() => this.#access.audit(entries));
  }

  auditRecords(query: AuditQuery, limit: number): Promise<readonly AuditRecord[]> {
    return this.#call(() => this.#access.auditRecords(query, limit));
  }

  jobState(job: string): Promise<string | undefined> {
    return this.#call(() => this.#jobs.state(job));
  }

  saveJobState(job: string, state: string | undefined): Promise<void> {
    return this.#call(() => this.#jobs.save(job, state));
  }

  /** Autovacuum does that by itself. */
  reclaimSpace(): Promise<boolean> {
    return this.#call(async () => false);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** How well commits are shared: for metrics (O1) and for shedding load by `queued` (S7). */
  stats(): CommitStats {
    return this.#queue.stats();
  }

  #state(id: string): Promise<DocumentState | undefined> {
    return this.#call(() => this.#documents.find(id));
  }

  async #change(id: string, change: (state: DocumentState) => DocumentState | undefined): Promise<boolean> {
    return (await this.#call(() => this.#documents.update(id, change))) !== undefined;
  }

  async #compact(document: string, upTo: number): Promise<SegmentInfo | undefined> {
    const operations = await this.#operations.unpacked(document, upTo);
    if (operations.length === 0) return undefined;
    const packed = await packInThread(this.#worker, operations);
    await this.#segments.write(document, packed);
    return packed.info;
  }

  /** Does one call of the interface, unless the store is closed; `close` waits for it. */
  async #call<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#closing !== undefined) throw new StoreError("closed", "the store is closed");
    const running = work();
    this.#running.add(running);
    return running.finally(() => this.#running.delete(running));
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#running);
    await Promise.all([this.#appends.close(), this.#connections.close()]);
  }
}

/** Elsewhere there are texts that can't be stored. @throws StoreError `unavailable` */
async function checkEncoding(session: Session): Promise<void> {
  const [row] = await session.query<{ encoding: string }>("SELECT current_setting('server_encoding') AS encoding");
  if (row?.encoding === "UTF8") return;
  throw new StoreError("unavailable", `the database must be in UTF8, not in ${row?.encoding}`);
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
