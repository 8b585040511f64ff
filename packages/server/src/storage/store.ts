import type { IdenticalInserts, Operation } from "@tutti/ot";

export type DocumentKind = "rich" | "plain";

/** What is known about a document besides its content. Times are milliseconds since 1970. */
export interface DocumentRecord {
  readonly id: string;
  readonly title: string;
  readonly kind: DocumentKind;
  /** What becomes of equal inserts at one place (E5). It never changes: history was made with it. */
  readonly identicalInserts: IdenticalInserts;
  readonly createdBy: string;
  readonly createdAt: number;
  /** Of the newest operation or renaming; it never goes back, even when clocks do. */
  readonly updatedAt: number;
}

/** One committed operation. (document, version) is unique, and so is (document, client, sequence) (S2). */
export interface StoredOperation {
  readonly version: number;
  readonly client: string;
  readonly sequence: number;
  readonly user: string;
  readonly time: number;
  readonly operation: Operation;
  /** Of the document after this operation (E9). */
  readonly checksum: number;
}

/** The whole content at one version. */
export interface StoredSnapshot {
  readonly version: number;
  readonly checksum: number;
  readonly content: Operation;
}

/** Operations of one document, with versions without gaps, the first one next to the last stored one. */
export interface Append {
  readonly document: string;
  /** Anything but the newest claimed epoch is refused: this fences a former owner (G2). */
  readonly epoch: number;
  readonly operations: readonly StoredOperation[];
}

/**
 * What became of an append; looked at in this order: `unknown_document`; `fenced`: the epoch is not the newest claimed
 * one; `conflict`: the versions are not the next ones, or an operation of this client and sequence is stored already.
 */
export type AppendOutcome = "stored" | "conflict" | "fenced" | "unknown_document";

/** The newest operation of one client on one document. */
export interface ClientPosition {
  readonly sequence: number;
  readonly version: number;
  readonly user: string;
}

/**
 * Where everything is kept (S1–S5, D1). A contract suite holds every implementation to these promises:
 *
 *  1. When `append` has resolved, all of its operations with outcome "stored" survive a crash of process and machine.
 *  2. `append` is atomic per document: all of its operations are stored, or none.
 *  3. One `append` call is one durable commit, however many documents it carries.
 *  4. What is read is what was written: a damaged row is a StoreError `damaged`, never wrong content.
 *  5. One append that is refused, or that meets damage, takes nothing from the others of the same commit.
 *  6. When `append` rejects, none of its operations are visible, and the store goes on working. Only after a crash may
 *     they turn out to be stored after all.
 *
 * Values that are handed over are not changed any more by the caller; values that come back share nothing with the store.
 * Text is kept as UTF-8: half a surrogate pair comes back as U+FFFD. Every method may reject with StoreError
 * `unavailable`, and with `closed` after `close`; those that read, with `damaged`.
 */
export interface Store {
  /** @throws StoreError `exists` when the id is taken */
  createDocument(record: DocumentRecord): Promise<void>;
  document(id: string): Promise<DocumentRecord | undefined>;
  /** Newest change first, then by id; at most `limit`. */
  documents(limit: number): Promise<readonly DocumentRecord[]>;
  /** False when there is no such document. */
  renameDocument(id: string, title: string, time: number): Promise<boolean>;

  /**
   * Starts a new epoch of a document (1 for the first) and returns it; appends with older ones are fenced from now on.
   * @throws StoreError `unknown_document`
   */
  claim(document: string): Promise<number>;
  /** One durable commit; the outcomes are in the order of the appends. */
  append(appends: readonly Append[]): Promise<readonly AppendOutcome[]>;
  /** Operations with after < version <= upTo, in order; at most `limit`. */
  operations(document: string, after: number, upTo: number, limit: number): Promise<readonly StoredOperation[]>;
  /** The newest version; 0 for a document without operations, or an unknown one. */
  version(document: string): Promise<number>;
  /** undefined when this client never wrote to this document. */
  clientPosition(document: string, client: string): Promise<ClientPosition | undefined>;

  /**
   * Replaces a snapshot of the same version, so that a damaged one can be mended.
   * @throws StoreError `unknown_document`
   */
  saveSnapshot(document: string, snapshot: StoredSnapshot): Promise<void>;
  /** The newest snapshot of a version <= atMost; undefined when there is none. */
  snapshot(document: string, atMost: number): Promise<StoredSnapshot | undefined>;

  /** Finishes what is under way and releases everything; a second call changes nothing. */
  close(): Promise<void>;
}

export type StoreErrorCode =
  | "exists"
  | "unknown_document"
  | "damaged"
  | "unavailable"
  | "unsupported_version"
  | "closed";

/**
 * `unavailable` may pass (disk full, slow, locked); `damaged` does not; `unsupported_version`: a newer release of the
 * server wrote this (D3).
 */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string) {
    super(message);
    this.name = "StoreError";
    this.code = code;
  }
}
