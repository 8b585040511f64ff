import type { IdenticalInserts, Operation } from "@tutti/ot";

/*
 * The values that a `Store` keeps. Times are milliseconds since 1970, fractions allowed.
 */

export type DocumentKind = "rich" | "plain";

/** What is known about a document besides its content. */
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
  /** Only where the owner alone says who edits (S11). */
  readonly moderated?: true | undefined;
  /** Only where the document is in the trash (H4). */
  readonly trashed?: Trashed | undefined;
}

export interface Trashed {
  readonly at: number;
  /** The id of the person. */
  readonly by: string;
}

/** One committed operation. (document, version) is unique, and so is (document, client, sequence) (S2). Both count from 1. */
export interface StoredOperation {
  readonly version: number;
  readonly client: string;
  readonly sequence: number;
  readonly user: string;
  readonly time: number;
  readonly operation: Operation;
  /**
   * Of the document after this operation (E9). Always there where it was appended; operations that come out of a
   * segment have it at the end of the segment and at every version that `SEGMENT_CHECKSUM_INTERVAL` divides. So the
   * newest operation of a document always has one.
   */
  readonly checksum?: number | undefined;
}

/** An operation on its way into the log. */
export type NewOperation = StoredOperation & { readonly checksum: number };

/** In a segment, each version that this divides keeps its checksum. */
export const SEGMENT_CHECKSUM_INTERVAL = 500;

interface SnapshotHead {
  readonly version: number;
  /** Of the document at this version (E9). */
  readonly checksum: number;
  /** When it was made; 0 where a release before there were times wrote it. */
  readonly time: number;
}

/** A snapshot that carries its content: that of a small document, and any that schema 1 wrote. */
export interface WholeSnapshot extends SnapshotHead {
  readonly content: Operation;
  readonly chunks?: undefined;
}

/** A snapshot of a large document: a manifest that names the chunks with its content, from first to last (S4). */
export interface ChunkedSnapshot extends SnapshotHead {
  readonly chunks: readonly ChunkName[];
  readonly content?: undefined;
}

export type StoredSnapshot = WholeSnapshot | ChunkedSnapshot;

/** What a list of snapshots shows. */
export interface SnapshotInfo extends SnapshotHead {
  /** Of the row, as it is stored: without the chunks. */
  readonly bytes: number;
}

/** The first 128 bits of the SHA-256 of the bytes of a chunk, as 32 hexadecimal digits in lower case. */
export type ChunkName = string;

/** A part of the content of one document, named by its bytes (`snapshots/chunk-format`). */
export interface Chunk {
  readonly name: ChunkName;
  readonly bytes: Uint8Array;
}

/** A version that somebody gave a name (H2): its snapshot is kept for ever. */
export interface NamedVersion {
  readonly name: string;
  readonly version: number;
  /** The id of the person. */
  readonly by: string;
  readonly time: number;
}

/** Packed operations [first, last] of one document (H3). */
export interface SegmentInfo {
  readonly first: number;
  readonly last: number;
  /** Times of the oldest and the newest operation, by the clock: not always those of `first` and `last`. */
  readonly earliest: number;
  readonly latest: number;
  /** Size of the packed bytes. */
  readonly bytes: number;
  /** Where its bytes are when the store does not hold them any more. */
  readonly archiveKey?: string | undefined;
}

/** Operations of one document, with versions without gaps, the first one next to the last stored one. */
export interface Append {
  readonly document: string;
  /** Anything but the newest claimed epoch is refused: this fences a former owner (G2). */
  readonly epoch: number;
  readonly operations: readonly NewOperation[];
}

/**
 * What became of an append; looked at in this order: `unknown_document`; `fenced`: the epoch is not the newest claimed
 * one, or the document is in the trash; `conflict`: the versions are not the next ones, or the sequences of a client do not
 * only grow: one that is not above the newest of its client is taken (S2).
 */
export type AppendOutcome = "stored" | "conflict" | "fenced" | "unknown_document";

/** The newest operation of one client on one document. */
export interface ClientPosition {
  readonly sequence: number;
  readonly version: number;
  readonly user: string;
}

/** Which rights somebody has (A2); a store only keeps the word. */
export interface Permission {
  readonly document: string;
  /** The id of the person. */
  readonly user: string;
  readonly role: string;
}

/** Something that is to be known later (A4). */
export interface AuditEntry {
  readonly time: number;
  /** The id of the person; the empty text for the server itself. */
  readonly user: string;
  /** Stays when the document is purged; undefined for what is about none. */
  readonly document?: string | undefined;
  /** For example "document.trashed". */
  readonly action: string;
  /** JSON values only. */
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

export interface AuditRecord extends AuditEntry {
  /** Later entries have larger ones; there may be gaps. */
  readonly id: number;
}

/** What an audit record has to fulfil; what is left out does not matter. */
export interface AuditQuery {
  readonly document?: string | undefined;
  readonly user?: string | undefined;
  /** Of this time or later. */
  readonly from?: number | undefined;
  /** Before this time. */
  readonly until?: number | undefined;
  /** With smaller ids: where the page before ended. */
  readonly before?: number | undefined;
}
