const DAY = 24 * 60 * 60 * 1000;

/** What is kept, and for how long (H3, H4). Times are milliseconds, sizes are operations. */
export interface RetentionRules {
  /** Snapshots younger than this: the last one of each day. */
  readonly dailySnapshots: number;
  /** Snapshots younger than this: the last one of each month; older ones: the last one of each year. */
  readonly monthlySnapshots: number;
  /** A chunk that no snapshot names is deleted when it is older than this: its snapshot may be on its way. */
  readonly unusedChunks: number;
  /** So many operations may have rows of their own before older ones are packed. */
  readonly mostRows: number;
  /** The same for documents that nobody works on. */
  readonly mostRowsAtRest: number;
  /** So many of the newest operations keep their rows: those who were away for a while ask for them. */
  readonly keptRows: number;
  /** Longest segment: small enough to be unpacked in a millisecond or two: somebody waits for it. */
  readonly longestSegment: number;
  /** Segments whose newest operation is older than this go to the archive. */
  readonly archiveAfter: number;
  /** Documents leave the trash for good after this. */
  readonly trashFor: number;
}

export const RETENTION_RULES: RetentionRules = {
  dailySnapshots: 30 * DAY,
  monthlySnapshots: 365 * DAY,
  unusedChunks: DAY / 24,
  mostRows: 10_000,
  mostRowsAtRest: 1000,
  keptRows: 500,
  longestSegment: 2000,
  archiveAfter: 365 * DAY,
  trashFor: 30 * DAY,
};
