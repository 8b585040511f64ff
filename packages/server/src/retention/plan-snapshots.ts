import type { SnapshotInfo } from "../storage/store.js";
import type { RetentionRules } from "./rules.js";

/** The two newest: should the newest turn out to be damaged, the log has to be replayed from the other one only. */
const NEWEST = 2;

/**
 * The versions of the snapshots that are not kept any more (H3). Kept are the two newest, those with a name, and the last
 * one of each day, month or year (UTC), by their age. Pure.
 *
 * Laws: applied twice it changes nothing more; a snapshot that is kept was kept at every earlier time.
 *
 * @param named versions that have a name (H2)
 * @param now milliseconds since 1970
 */
export function snapshotsToDelete(
  snapshots: readonly SnapshotInfo[],
  named: ReadonlySet<number>,
  now: number,
  rules: RetentionRules,
): readonly number[] {
  const sorted = [...snapshots].sort((a, b) => a.version - b.version);
  const kept = new Set<number>(sorted.slice(-NEWEST).map(({ version }) => version));
  const lastOfPeriod = new Map<string, number>();
  for (const { version, time } of sorted) lastOfPeriod.set(periodOf(time, now, rules), version);
  for (const version of lastOfPeriod.values()) kept.add(version);
  return sorted.map(({ version }) => version).filter((version) => !kept.has(version) && !named.has(version));
}

/** Two snapshots of one period are one too many. */
function periodOf(time: number, now: number, rules: RetentionRules): string {
  const date = new Date(time).toISOString();
  const age = now - time;
  if (age < rules.dailySnapshots) return date.slice(0, "2026-11-22".length);
  return age < rules.monthlySnapshots ? date.slice(0, "2026-11".length) : date.slice(0, "2026".length);
}
