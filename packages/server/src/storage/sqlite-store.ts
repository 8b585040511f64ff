import { CommitQueue, type CommitStats } from "./commit-queue.js";
import type { Arguments, Method, Result } from "./sqlite-calls.js";
import type { SqliteSettings } from "./sqlite-connection.js";
import { LastingThread } from "./sqlite-thread.js";
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

export interface SqliteStoreSettings extends SqliteSettings {
  /** The built worker; the one beside this module when left out. Tests that run from source state it. */
  readonly worker?: URL | undefined;
}

/**
 * The store of a server on one machine (D1): one SQLite file, and no SQL on the event loop. Everything that writes runs
 * in one worker thread, reads in another, so that a large document that is opened does not hold up the commits of all
 * others. Appends go through the group commit of `CommitQueue`.
 *
 * A read sees every write that was answered before it was called. A thread that ends by itself is replaced at the next
 * call: what it had not answered is `unavailable`.
 */
export class SqliteStore implements Store {
  readonly #writer: LastingThread;
  readonly #reader: LastingThread;
  /** Started when there is something to pack or compress: neither commits nor readers wait for that. */
  readonly #packer: LastingThread;
  readonly #queue: CommitQueue;
  #closing: Promise<void> | undefined;

  private constructor({ worker, ...settings }: SqliteStoreSettings) {
    const url = worker ?? new URL("./sqlite-worker.js", import.meta.url);
    this.#writer = new LastingThread(url, settings);
    this.#reader = new LastingThread(url, settings);
    this.#packer = new LastingThread(url, settings);
    this.#queue = new CommitQueue((appends) => this.#writer.call("append", [appends]));
  }

  /**
   * Opens the database, makes it when missing, and brings it to the newest schema.
   * @throws StoreError `unavailable`, `damaged`, or `unsupported_version` when a newer release wrote it
   */
  static async open(settings: SqliteStoreSettings): Promise<SqliteStore> {
    const store = new SqliteStore(settings);
    // One after the other: the first one makes the database.
    await store.#writer.ready();
    await store.#reader.ready();
    return store;
  }

  createDocument(record: DocumentRecord): Promise<void> {
    return this.#write("createDocument", [record]);
  }

  document(id: string): Promise<DocumentRecord | undefined> {
    return this.#read("document", [id]);
  }

  documents(limit: number): Promise<readonly DocumentRecord[]> {
    return this.#read("documents", [limit]);
  }

  trashedDocuments(createdBy: string, limit: number): Promise<readonly DocumentRecord[]> {
    return this.#read("trashedDocuments", [createdBy, limit]);
  }

  allDocuments(after: string | undefined, limit: number): Promise<readonly DocumentRecord[]> {
    return this.#read("allDocuments", [after, limit]);
  }

  documentCount(createdBy: string): Promise<number> {
    return this.#read("documentCount", [createdBy]);
  }

  renameDocument(id: string, title: string, time: number): Promise<boolean> {
    return this.#write("renameDocument", [id, title, time]);
  }

  moderateDocument(id: string, moderated: boolean): Promise<boolean> {
    return this.#write("moderateDocument", [id, moderated]);
  }

  trashDocument(id: string, by: string, time: number): Promise<boolean> {
    return this.#write("trashDocument", [id, by, time]);
  }

  restoreDocument(id: string): Promise<boolean> {
    return this.#write("restoreDocument", [id]);
  }

  purgeDocument(id: string): Promise<boolean> {
    return this.#write("purgeDocument", [id]);
  }

  claim(document: string): Promise<number> {
    return this.#write("claim", [document]);
  }

  async append(appends: readonly Append[]): Promise<readonly AppendOutcome[]> {
    this.#checkOpen();
    return this.#queue.append(appends);
  }

  operations(document: string, after: number, upTo: number, limit: number): Promise<readonly StoredOperation[]> {
    return this.#read("operations", [document, after, upTo, limit]);
  }

  version(document: string): Promise<number> {
    return this.#read("version", [document]);
  }

  clientPosition(document: string, client: string): Promise<ClientPosition | undefined> {
    return this.#read("clientPosition", [document, client]);
  }

  async compact(document: string, upTo: number): Promise<SegmentInfo | undefined> {
    this.#checkOpen();
    const packed = await this.#packer.call("packOperations", [document, upTo]);
    if (packed !== undefined) await this.#write("writeSegment", [document, packed]);
    return packed?.info;
  }

  segments(document: string): Promise<readonly SegmentInfo[]> {
    return this.#read("segments", [document]);
  }

  segment(document: string, first: number): Promise<Uint8Array | undefined> {
    return this.#read("segment", [document, first]);
  }

  archiveSegment(document: string, first: number, key: string): Promise<boolean> {
    return this.#write("archiveSegment", [document, first, key]);
  }

  async saveChunks(document: string, chunks: readonly Chunk[], time: number): Promise<void> {
    this.#checkOpen();
    const compressed = await this.#packer.call("compressChunks", [chunks]);
    return this.#write("writeChunks", [document, compressed, time]);
  }

  chunks(document: string, names: readonly ChunkName[]): Promise<readonly Uint8Array[]> {
    return this.#read("chunks", [document, names]);
  }

  saveSnapshot(document: string, snapshot: StoredSnapshot): Promise<void> {
    return this.#write("saveSnapshot", [document, snapshot]);
  }

  snapshot(document: string, atMost: number): Promise<StoredSnapshot | undefined> {
    return this.#read("snapshot", [document, atMost]);
  }

  snapshots(document: string): Promise<readonly SnapshotInfo[]> {
    return this.#read("snapshots", [document]);
  }

  deleteSnapshot(document: string, version: number): Promise<boolean> {
    return this.#write("deleteSnapshot", [document, version]);
  }

  collectChunks(document: string, savedBefore: number): Promise<number> {
    return this.#write("collectChunks", [document, savedBefore]);
  }

  nameVersion(document: string, named: NamedVersion): Promise<void> {
    return this.#write("nameVersion", [document, named]);
  }

  namedVersions(document: string): Promise<readonly NamedVersion[]> {
    return this.#read("namedVersions", [document]);
  }

  setRole(document: string, user: string, role: string | undefined): Promise<void> {
    return this.#write("setRole", [document, user, role]);
  }

  role(document: string, user: string): Promise<string | undefined> {
    return this.#read("role", [document, user]);
  }

  permissionsOf(document: string): Promise<readonly Permission[]> {
    return this.#read("permissionsOf", [document]);
  }

  permissionsFor(user: string, after: string | undefined, limit: number): Promise<readonly Permission[]> {
    return this.#read("permissionsFor", [user, after, limit]);
  }

  audit(entries: readonly AuditEntry[]): Promise<void> {
    return this.#write("audit", [entries]);
  }

  auditRecords(query: AuditQuery, limit: number): Promise<readonly AuditRecord[]> {
    return this.#read("auditRecords", [query, limit]);
  }

  jobState(job: string): Promise<string | undefined> {
    return this.#read("jobState", [job]);
  }

  saveJobState(job: string, state: string | undefined): Promise<void> {
    return this.#write("saveJobState", [job, state]);
  }

  reclaimSpace(): Promise<boolean> {
    return this.#write("reclaimSpace", []);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** How well commits are shared: for metrics (O1) and for shedding load by `queued` (S7). */
  stats(): CommitStats {
    return this.#queue.stats();
  }

  async #write<M extends Method>(method: M, args: Arguments<M>): Promise<Result<M>> {
    this.#checkOpen();
    return this.#writer.call(method, args);
  }

  async #read<M extends Method>(method: M, args: Arguments<M>): Promise<Result<M>> {
    this.#checkOpen();
    return this.#reader.call(method, args);
  }

  async #close(): Promise<void> {
    await this.#queue.drained();
    // The last connection to close empties the write-ahead log into the file.
    await this.#packer.close();
    await this.#reader.close();
    await this.#writer.close();
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new StoreError("closed", "the store is closed");
  }
}
