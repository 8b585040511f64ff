/** Two checksums of a version that should be equal. */
export interface Mismatch {
  readonly version: number;
  /** The server's, or that of what was saved. */
  readonly expected: number;
  readonly actual: number;
}

/** This replica and the server do not hold the same document, or the server broke the protocol (C6, E9). */
export class Divergence extends Error {
  readonly mismatch: Mismatch | undefined;

  constructor(message: string, mismatch?: Mismatch) {
    super(message);
    this.mismatch = mismatch;
  }
}
