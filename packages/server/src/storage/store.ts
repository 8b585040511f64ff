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
  StoredOperation,
  StoredSnapshot,
} from "./records.js";

export type * from "./records.js";
export { SEGMENT_CHECKSUM_INTERVAL } from "./records.js";

/**
 * Where everything is kept (S1–S5, D1–D3, H2–H4). A contract suite holds every implementation to these promises:
 *
 *  1. When `append` has resolved, all of its operations with outcome "stored" survive a crash of process and machine.
 *     The same goes for everything else that was answered.
 *  2. `append` is atomic per document: all of its operations are stored, or none. Every other call is atomic.
 *  3. One `append` call is one durable commit, however many documents it carries.
 *  4. What is read is what was written: a damaged row is a StoreError `damaged`, never wrong content.
 *  5. One append that is refused, or that meets damage, takes nothing from the others of the same commit.
 *  6. When `append` rejects, none of its operations are visible, and the store goes on working. Only after a crash may
 *     they turn out to be stored after all.
 *  7. Nothing that packs, compresses or deletes holds up commits for longer than one commit of its own.
 *
 * Values that are handed over are not changed any more by the caller; values that come back share nothing with the store.
 * Text is kept as UTF-8: half a surrogate pair comes back as U+FFFD. Every method may reject with StoreError
 * `unavailable`, and with `closed` after `close`; those that read, with `damaged`.
 */
export interface Store
  extends DocumentStore,
    OperationStore,
    SegmentStore,
    SnapshotStore,
    VersionStore,
    AccessStore,
    MaintenanceStore {
  /** Finishes what is under way and releases everything; a second call changes nothing. */
  close(): Promise<void>;
}

/** Documents and the trash (H4). A document in the trash can be read like any other, but nobody can write to it. */
export interface DocumentStore {
  /** @throws StoreError `exists` when the id is taken, be it in the trash */
  createDocument(record: DocumentRecord): Promise<void>;
  /** Also one that is in the trash. */
  document(id: string): Promise<DocumentRecord | undefined>;
  /** Those that are not in the trash, newest change first, then by id; at most `limit`. */
  documents(limit: number): Promise<readonly DocumentRecord[]>;
  /** Those in the trash that somebody made, last thrown away first, then by id; at most `limit`. */
  trashedDocuments(createdBy: string, limit: number): Promise<readonly DocumentRecord[]>;
  /** All of them, those in the trash included, in the order of their ids (as UTF-8); those behind `after`; at most `limit`. */
  allDocuments(after: string | undefined, limit: number): Promise<readonly DocumentRecord[]>;
  /** How many of all documents somebody made, those in the trash included: what a quota asks (L3). */
  documentCount(createdBy: string): Promise<number>;
  /** False when there is no such document. */
  renameDocument(id: string, title: string, time: number): Promise<boolean>;
  /** Whether the owner alone says who edits (S11). False when there is no such document. */
  moderateDocument(id: string, moderated: boolean): Promise<boolean>;
  /** Starts a new epoch too, which nobody owns: appends are fenced from now on. False when it isn't there, or is in the trash already. */
  trashDocument(id: string, by: string, time: number): Promise<boolean>;
  /** False when it is not in the trash. */
  restoreDocument(id: string): Promise<boolean>;
  /**
   * Deletes a document that is in the trash, with all of its operations, segments, snapshots, names and permissions;
   * audit records stay. Its id is free afterwards. False when it is not in the trash.
   */
  purgeDocument(id: string): Promise<boolean>;
}

/** The log. */
export interface OperationStore {
  /**
   * Starts a new epoch of a document (1 for the first) and returns it; appends with older ones are fenced from now on.
   * @throws StoreError `unknown_document`, also for one in the trash
   */
  claim(document: string): Promise<number>;
  /** One durable commit; the outcomes are in the order of the appends. */
  append(appends: readonly Append[]): Promise<readonly AppendOutcome[]>;
  /**
   * Operations with after < version <= upTo, in order; at most `limit`. Those in segments look like all others, but for
   * their checksums (`StoredOperation.checksum`).
   * @throws StoreError `archived` when some of them are in a segment that was moved out; `damaged` also for a gap
   */
  operations(document: string, after: number, upTo: number, limit: number): Promise<readonly StoredOperation[]>;
  /** The newest version; 0 for a document without operations, or an unknown one. */
  version(document: string): Promise<number>;
  /** undefined when this client never wrote to this document. Packing changes nothing about it. */
  clientPosition(document: string, client: string): Promise<ClientPosition | undefined>;
}

/**
 * Old operations, packed (H3). Segments follow each other from version 1 on without gaps; behind the last one, every
 * operation has a row of its own.
 */
export interface SegmentStore {
  /**
   * Packs all operations behind the last segment up to version `upTo` into one more segment (`packSegment`): in one
   * transaction the segment takes the place of the rows.
   * @param upTo cut to the newest version
   * @returns the new segment; undefined when there was nothing to pack
   * @throws StoreError `unknown_document`; `damaged`: nothing was packed then
   */
  compact(document: string, upTo: number): Promise<SegmentInfo | undefined>;
  /** In the order of their versions. */
  segments(document: string): Promise<readonly SegmentInfo[]>;
  /**
   * The packed bytes of the segment that starts at version `first`; undefined when there is none.
   * @throws StoreError `archived` when they were moved out
   */
  segment(document: string, first: number): Promise<Uint8Array | undefined>;
  /** Forgets the bytes of a segment, which are in an archive under `key` by now. False when there is no such segment. */
  archiveSegment(document: string, first: number, key: string): Promise<boolean>;
}

/**
 * Snapshots (S4). One of a large document is written chunks first, manifest last; a chunk that an older manifest names
 * is there already. Chunks belong to one document. A chunk that no manifest names is garbage, and `collectChunks` takes
 * it; should it be needed all the same, `saveSnapshot` says so and writes nothing.
 */
export interface SnapshotStore {
  /**
   * Takes the place of chunks of the same name, so that a damaged one can be mended.
   * @param time marks them for `collectChunks`, also those that were there before
   * @throws StoreError `unknown_document`
   */
  saveChunks(document: string, chunks: readonly Chunk[], time: number): Promise<void>;
  /**
   * The bytes of chunks, in the order of the names; each has the name that it is asked by.
   * @throws StoreError `missing_chunk`, `damaged`
   */
  chunks(document: string, names: readonly ChunkName[]): Promise<readonly Uint8Array[]>;
  /**
   * Replaces a snapshot of the same version, so that a damaged one can be mended.
   * @throws StoreError `unknown_document`; `missing_chunk` when one of its chunks is not there
   */
  saveSnapshot(document: string, snapshot: StoredSnapshot): Promise<void>;
  /**
   * The newest snapshot of a version <= atMost; undefined when there is none.
   * @throws StoreError `damaged`, also when whole content does not have the checksum stored with it
   */
  snapshot(document: string, atMost: number): Promise<StoredSnapshot | undefined>;
  /** All of them in the order of their versions, damaged ones included (as far as can be told). */
  snapshots(document: string): Promise<readonly SnapshotInfo[]>;
  /** False when there is none of this version, or when the version has a name (H2). */
  deleteSnapshot(document: string, version: number): Promise<boolean>;
  /**
   * Deletes the chunks that no snapshot of the document names and that were saved before a time.
   * @returns how many
   * @throws StoreError `damaged` when a manifest can't be read: nothing is deleted then
   */
  collectChunks(document: string, savedBefore: number): Promise<number>;
}

/** Versions with names (H2). */
export interface VersionStore {
  /** @throws StoreError `exists` when the document has a version of this name; `unknown_document` */
  nameVersion(document: string, named: NamedVersion): Promise<void>;
  /** In the order of their versions, then names. */
  namedVersions(document: string): Promise<readonly NamedVersion[]>;
}

/** Who may do what (A2), and who did what (A4). Rules are not a store's business. */
export interface AccessStore {
  /**
   * Sets the role of somebody in a document; undefined takes it away.
   * @throws StoreError `unknown_document`
   */
  setRole(document: string, user: string, role: string | undefined): Promise<void>;
  role(document: string, user: string): Promise<string | undefined>;
  /** Of one document, in the order of the users (as UTF-8). */
  permissionsOf(document: string): Promise<readonly Permission[]>;
  /** Of one person, in the order of the documents; those behind `after`, those in the trash included; at most `limit`. */
  permissionsFor(user: string, after: string | undefined, limit: number): Promise<readonly Permission[]>;
  /** Adds records; they get their ids in this order. */
  audit(entries: readonly AuditEntry[]): Promise<void>;
  /** The newest first; at most `limit`. */
  auditRecords(query: AuditQuery, limit: number): Promise<readonly AuditRecord[]>;
}

/** What jobs need. */
export interface MaintenanceStore {
  /** Where a job stands, in its own words; undefined when it never said. */
  jobState(job: string): Promise<string | undefined>;
  /** undefined forgets it. */
  saveJobState(job: string, state: string | undefined): Promise<void>;
  /**
   * Gives back to the machine some of the space that deleted rows left, in a step as short as a commit.
   * @returns whether there is more
   */
  reclaimSpace(): Promise<boolean>;
}

export type StoreErrorCode =
  | "exists"
  | "unknown_document"
  | "missing_chunk"
  | "archived"
  | "archive_unavailable"
  | "damaged"
  | "unavailable"
  | "unsupported_version"
  | "closed";

/**
 * `unavailable` may pass (disk full, slow, locked); `damaged` does not; `unsupported_version`: a newer release of the
 * server wrote this (D3); `archived`: an archive has it, and this store was opened without one; `archive_unavailable`: it
 * was asked and doesn't answer, which may pass and says nothing of the store itself.
 */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string) {
    super(message);
    this.name = "StoreError";
    this.code = code;
  }
}
