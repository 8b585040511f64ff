/** Somebody who writes: which document, and as whom. */
export interface WriterSeat {
  readonly writer: number;
  readonly document: string;
  readonly token: string;
}

/** What a process of writers is started with. */
export interface WritersOrder {
  readonly url: string;
  readonly seats: readonly WriterSeat[];
  readonly seed: number;
  /** Longest pause between two tokens of one writer, in milliseconds. */
  readonly pause: number;
}

/** A document as one client has it. */
export interface Replica {
  readonly document: string;
  readonly version: number;
  readonly checksum: number;
  readonly text: string;
}

/** To the writers: stop and be saved; then: tell what you have, once you have these versions. */
export type ToWriters =
  | { readonly type: "finish" }
  | { readonly type: "compare"; readonly versions: Readonly<Record<string, number>> };

/** From the writers. `upTo`: all tokens of this writer up to this count are acknowledged. */
export type FromWriters =
  | { readonly type: "acknowledged"; readonly writer: number; readonly upTo: number }
  | { readonly type: "failed"; readonly writer: number; readonly reason: string }
  | { readonly type: "finished" }
  | { readonly type: "replicas"; readonly replicas: readonly Replica[] };

/** What a process that only reads is started with, and what it answers. */
export interface ReaderOrder {
  readonly url: string;
  readonly token: string;
  readonly documents: readonly string[];
}
export interface FromReader {
  readonly replicas: readonly Replica[];
}
