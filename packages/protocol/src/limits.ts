/** What a server enforces; each is a default that an operator can change. */
export interface Limits {
  /** One WebSocket frame from a client, in bytes (L2: an operation has 1 MB; the rest is its envelope). */
  readonly frameBytes: number;
  /** Text of one insert, in UTF-16 units (L2). */
  readonly insertLength: number;
  /** One document, in UTF-16 units (E8, S12). */
  readonly documentLength: number;
  /** Errors of one connection after which it is closed (L5). */
  readonly errorsPerConnection: number;
  /** Documents open at once on one connection. */
  readonly documentsPerConnection: number;
  /** Bytes on their way to one connection beyond which it is told nothing new until it has read some of them (S6). */
  readonly unsentBytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  frameBytes: 1_100_000,
  insertLength: 100_000,
  documentLength: 100_000_000,
  errorsPerConnection: 20,
  documentsPerConnection: 100,
  unsentBytes: 256_000,
};
