/**
 * Where edits wait for the network, beyond the life of a tab (C3). A store takes bytes and gives them back; it knows
 * nothing of operations. One store belongs to one person on one server.
 *
 * Of a document there may be several journals: each belongs to one living tab (or process) at a time, which holds it.
 * All methods reject with `OfflineStoreError`, and with nothing else.
 */
export interface OfflineStore {
  /** The newest journal of `document` that no living tab holds, now held by the caller; undefined: there is none. */
  claim(document: string): Promise<Journal | undefined>;
  /**
   * The content of the newest journal of `document` that has a snapshot, whoever holds it and without holding it;
   * undefined: there is none. A write that is under way may be missing, in whole or in part.
   */
  peek(document: string): Promise<JournalContent | undefined>;
  /**
   * A new one, empty and held by the caller.
   * @param client names the author of the edits in it; no journal of the document has it yet
   */
  create(document: string, client: string): Promise<Journal>;
  /** Documents that have a journal, newest first (to show what can be opened offline). */
  documents(): Promise<readonly string[]>;
}

/** What one tab did to one document. Calls are carried out in the order in which they are made. */
export interface Journal {
  readonly document: string;
  readonly client: string;
  /** What is durable: the newest snapshot, and what was appended after it, in order. */
  read(): Promise<JournalContent>;
  /** Adds entries, in order and all or nothing; they are durable when it resolves. */
  append(entries: readonly Uint8Array[]): Promise<void>;
  /** Atomically: this snapshot instead of everything so far; durable when it resolves. */
  compact(snapshot: Uint8Array): Promise<void>;
  /** There is no such journal any more; the caller's hold ends with it. */
  delete(): Promise<void>;
  /** Somebody else may claim it. Nothing may be called after it. */
  release(): void;
}

export interface JournalContent {
  readonly snapshot: Uint8Array | undefined;
  readonly entries: readonly Uint8Array[];
}

/**
 * "refused": the platform lets nothing be stored here (private mode, a folder without permission);
 * "full": no room, some may be made; "damaged": what was stored can't be read; "failed": anything else.
 */
export type OfflineStoreErrorCode = "refused" | "full" | "damaged" | "failed";

export class OfflineStoreError extends Error {
  readonly code: OfflineStoreErrorCode;

  constructor(code: OfflineStoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "OfflineStoreError";
    this.code = code;
  }
}
