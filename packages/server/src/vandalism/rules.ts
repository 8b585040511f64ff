/** When a deletion is worth an alert, and how content is checked (L4). Times in milliseconds, lengths in UTF-16 units. */
export interface VandalismRules {
  /** Documents shorter than this raise no alert. */
  readonly length: number;
  /** Per cent of a document that one person has to delete, and more, for an alert. */
  readonly share: number;
  /** What one person deletes within this time counts as one. */
  readonly window: number;
  /** An alert that nobody settles is shown for so long. */
  readonly alertsFor: number;
  /** One person's edits within this time are checked together. */
  readonly checkPause: number;
  /** A content check that takes longer has failed. */
  readonly checkTime: number;
  /** Texts that wait for the content check; more are not checked. */
  readonly checkQueue: number;
}

export const DEFAULT_VANDALISM: VandalismRules = {
  length: 500,
  share: 50,
  window: 60_000,
  alertsFor: 86_400_000,
  checkPause: 1000,
  checkTime: 5000,
  checkQueue: 1000,
};
