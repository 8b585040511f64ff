import type { EmbedTypes } from "./embed-types.js";

/** "before": the first argument of `transform` was (or will be) committed before the second one; "after": after it. */
export type Order = "before" | "after";

/** What becomes of equal inserts that two people made at one place, neither having seen the other's (E5). */
export type IdenticalInserts = "merge" | "keep";

/**
 * The settings of a document that `transform` depends on. Everybody who transforms over one document must have the
 * same; a bare `IdenticalInserts` stands for `{ identical }`.
 */
export interface TransformOptions {
  /** Default "merge". */
  readonly identical?: IdenticalInserts;
  /** Kinds of embeds with operations of their own; default none. */
  readonly embeds?: EmbedTypes;
}
