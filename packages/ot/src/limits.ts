/** What a single operation may carry. Sizes are UTF-16 units; depth counts nested objects and arrays. */
export interface OperationLimits {
  /** Text of one insert (L2). */
  readonly insertLength: number;
  /** Components of one operation. */
  readonly components: number;
  /** Attributes of one component, or the data of one embed, as JSON. */
  readonly jsonLength: number;
  /** Nesting of attributes and embeds. */
  readonly jsonDepth: number;
}

export const DEFAULT_OPERATION_LIMITS: OperationLimits = {
  insertLength: 100_000,
  components: 100_000,
  jsonLength: 16_384,
  jsonDepth: 8,
};

/** For content that was checked when it was written: a whole document in one Delta. */
export const UNLIMITED: OperationLimits = {
  insertLength: Number.POSITIVE_INFINITY,
  components: Number.POSITIVE_INFINITY,
  jsonLength: Number.POSITIVE_INFINITY,
  jsonDepth: 32,
};
