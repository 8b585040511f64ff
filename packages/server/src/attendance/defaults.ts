/**
 * The numbers of documents that many people come to (S11, X1). All are defaults that an operator can change;
 * docs/crowds.md explains them. Flat and numeric, so that each one is a setting of its own.
 */
export interface CrowdRules {
  /** Connections to one document beyond which it is crowded: newcomers view. */
  readonly connections: number;
  /** Connections below which a crowded document calms down; fewer than `connections`, so that it does not flicker. */
  readonly calmConnections: number;
  /** Milliseconds for which it must have stayed that calm to be open again. */
  readonly calm: number;
  /** Persons who edit one document at once, unless somebody lets more of them in. */
  readonly editors: number;
  /** Persons who edit one document at once, whoever lets them in. */
  readonly mostEditors: number;
  /** Milliseconds for which a place, or a turn in the line, is kept for somebody whose connections are all gone. */
  readonly heldPlace: number;
  /** Milliseconds until somebody who was refused may ask again. */
  readonly askAgain: number;
  /** Milliseconds between two updates to those who view a crowded document, while there is little to do. */
  readonly updates: number;
  /** The same, while there is much to do. */
  readonly slowestUpdates: number;
}

export const DEFAULT_CROWD: CrowdRules = {
  connections: 200,
  calmConnections: 160,
  calm: 10_000,
  editors: 100,
  mostEditors: 200,
  heldPlace: 30_000,
  askAgain: 60_000,
  updates: 100,
  slowestUpdates: 1000,
};
