import type { Database } from "better-sqlite3";
import type { PackedSegment } from "./packed-segment.js";
import { SqliteAccess } from "./sqlite-access.js";
import { SqliteDocuments } from "./sqlite-documents.js";
import { SqliteMaintenance } from "./sqlite-maintenance.js";
import { SqliteOperations } from "./sqlite-operations.js";
import { SqliteSegments } from "./sqlite-segments.js";
import { SqliteSnapshots } from "./sqlite-snapshots.js";
import type {
  Append,
  AppendOutcome,
  AuditEntry,
  AuditQuery,
  AuditRecord,
  Chunk,
  ChunkName,
  ClientPosition,
  DocumentRecord,
  NamedVersion,
  Permission,
  SegmentInfo,
  SnapshotInfo,
  Store,
  StoredOperation,
  StoredSnapshot,
} from "./store.js";

/** An interface of promises as plain calls. */
export type Synchronous<T> = {
  [Name in keyof T]: T[Name] extends (...args: infer A) => Promise<infer R> ? (...args: A) => R : never;
};

/**
 * The store on one SQLite connection: each method of `Store` as a call that blocks, for a worker thread. What packs or
 * compresses is cut in two, so that it can be done in another thread than the one that commits.
 * Errors are StoreError, or whatever SQLite throws (`toStoreError` tells them apart).
 */
export class SqliteDatabase implements Synchronous<Omit<Store, "compact" | "saveChunks">> {
  readonly #connection: Database;
  readonly #documents: SqliteDocuments;
  readonly #segments: SqliteSegments;
  readonly #operations: SqliteOperations;
  readonly #snapshots: SqliteSnapshots;
  readonly #access: SqliteAccess;
  readonly #maintenance: SqliteMaintenance;

  constructor(connection: Database) {
    this.#connection = connection;
    this.#documents = new SqliteDocuments(connection);
    this.#segments = new SqliteSegments(connection, this.#documents);
    this.#operations = new SqliteOperations(connection, this.#documents, this.#segments);
    this.#snapshots = new SqliteSnapshots(connection, this.#documents);
    this.#access = new SqliteAccess(connection, this.#documents);
    this.#maintenance = new SqliteMaintenance(connection);
  }

  createDocument(record: DocumentRecord): void {
    this.#documents.create(record);
  }

  document(id: string): DocumentRecord | undefined {
    return this.#documents.find(id)?.record;
  }

  documents(limit: number): readonly DocumentRecord[] {
    return this.#documents.newest(limit);
  }

  trashedDocuments(createdBy: string, limit: number): readonly DocumentRecord[] {
    return this.#documents.inTrash(createdBy, limit);
  }

  allDocuments(after: string | undefined, limit: number): readonly DocumentRecord[] {
    return this.#documents.all(after, limit);
  }

  documentCount(createdBy: string): number {
    return this.#documents.count(createdBy);
  }

  renameDocument(id: string, title: string, time: number): boolean {
    return this.#documents.rename(id, title, time);
  }

  moderateDocument(id: string, moderated: boolean): boolean {
    return this.#documents.moderate(id, moderated);
  }

  trashDocument(id: string, by: string, time: number): boolean {
    return this.#documents.trash(id, by, time);
  }

  restoreDocument(id: string): boolean {
    return this.#documents.restore(id);
  }

  purgeDocument(id: string): boolean {
    return this.#documents.purge(id);
  }

  claim(document: string): number {
    return this.#documents.claim(document);
  }

  append(appends: readonly Append[]): readonly AppendOutcome[] {
    return this.#operations.append(appends);
  }

  operations(document: string, after: number, upTo: number, limit: number): readonly StoredOperation[] {
    return this.#operations.read(document, after, upTo, limit);
  }

  version(document: string): number {
    return this.#documents.find(document)?.version ?? 0;
  }

  clientPosition(document: string, client: string): ClientPosition | undefined {
    return this.#operations.clientPosition(document, client);
  }

  /** The first half of `Store.compact`: reads and packs, and changes nothing. */
  packOperations(document: string, upTo: number): PackedSegment | undefined {
    return this.#operations.pack(document, upTo);
  }

  /** The second half: in one transaction the segment takes the place of its rows. */
  writeSegment(document: string, packed: PackedSegment): void {
    this.#segments.write(document, packed);
  }

  segments(document: string): readonly SegmentInfo[] {
    return this.#segments.list(document);
  }

  segment(document: string, first: number): Uint8Array | undefined {
    return this.#segments.bytes(document, first);
  }

  archiveSegment(document: string, first: number, key: string): boolean {
    return this.#segments.archive(document, first, key);
  }

  /** The first half of `Store.saveChunks`. */
  compressChunks(chunks: readonly Chunk[]): readonly Chunk[] {
    return this.#snapshots.compressChunks(chunks);
  }

  /** The second half, with what the first one returned. */
  writeChunks(document: string, compressed: readonly Chunk[], time: number): void {
    this.#snapshots.writeChunks(document, compressed, time);
  }

  chunks(document: string, names: readonly ChunkName[]): readonly Uint8Array[] {
    return this.#snapshots.chunks(document, names);
  }

  saveSnapshot(document: string, snapshot: StoredSnapshot): void {
    this.#snapshots.save(document, snapshot);
  }

  snapshot(document: string, atMost: number): StoredSnapshot | undefined {
    return this.#snapshots.newest(document, atMost);
  }

  snapshots(document: string): readonly SnapshotInfo[] {
    return this.#snapshots.list(document);
  }

  deleteSnapshot(document: string, version: number): boolean {
    return this.#snapshots.delete(document, version);
  }

  collectChunks(document: string, savedBefore: number): number {
    return this.#snapshots.collectChunks(document, savedBefore);
  }

  nameVersion(document: string, named: NamedVersion): void {
    this.#snapshots.nameVersion(document, named);
  }

  namedVersions(document: string): readonly NamedVersion[] {
    return this.#snapshots.namedVersions(document);
  }

  setRole(document: string, user: string, role: string | undefined): void {
    this.#access.setRole(document, user, role);
  }

  role(document: string, user: string): string | undefined {
    return this.#access.role(document, user);
  }

  permissionsOf(document: string): readonly Permission[] {
    return this.#access.permissionsOf(document);
  }

  permissionsFor(user: string, after: string | undefined, limit: number): readonly Permission[] {
    return this.#access.permissionsFor(user, after, limit);
  }

  audit(entries: readonly AuditEntry[]): void {
    this.#access.audit(entries);
  }

  auditRecords(query: AuditQuery, limit: number): readonly AuditRecord[] {
    return this.#access.auditRecords(query, limit);
  }

  jobState(job: string): string | undefined {
    return this.#maintenance.jobState(job);
  }

  saveJobState(job: string, state: string | undefined): void {
    this.#maintenance.saveJobState(job, state);
  }

  reclaimSpace(): boolean {
    return this.#maintenance.reclaimSpace();
  }

  close(): void {
    this.#connection.close();
  }
}
