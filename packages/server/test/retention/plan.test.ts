import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { segmentsToArchive, segmentsToPack } from "../../src/retention/plan-segments.js";
import { snapshotsToDelete } from "../../src/retention/plan-snapshots.js";
import { RETENTION_RULES as RULES } from "../../src/retention/rules.js";
import type { SnapshotInfo } from "../../src/storage/store.js";

const DAY = 86_400_000;
const NOW = Date.parse("2026-11-22T12:00:00Z");
const at = (version: number, time: string | number): SnapshotInfo => ({
  version,
  checksum: 0,
  time: typeof time === "number" ? time : Date.parse(time),
  bytes: 1,
});
const kept = (snapshots: readonly SnapshotInfo[], now = NOW, named: readonly number[] = []): readonly number[] => {
  const deleted = new Set(snapshotsToDelete(snapshots, new Set(named), now, RULES));
  return snapshots.map(({ version }) => version).filter((version) => !deleted.has(version));
};

describe("snapshots (H3)", () => {
  test("the two newest, then the last one of each day, month and year", () => {
    const snapshots = [
      at(1, "2024-02-01T00:00:00Z"),
      at(2, "2024-12-31T23:59:59Z"),
      at(3, "2025-03-01T08:00:00Z"),
      at(4, "2026-02-01T08:00:00Z"),
      at(5, "2026-02-28T08:00:00Z"),
      at(6, "2026-10-30T07:00:00Z"),
      at(7, "2026-10-30T08:00:00Z"),
      at(8, "2026-10-31T08:00:00Z"),
      at(9, "2026-11-22T08:00:00Z"),
      at(10, "2026-11-22T09:00:00Z"),
      at(11, "2026-11-22T10:00:00Z"),
    ];
    expect(kept(snapshots)).toEqual([2, 3, 5, 7, 8, 10, 11]);
  });

  test("those with a name stay for ever (H2)", () => {
    const snapshots = [at(1, 1), at(2, 2), at(3, 3), at(4, NOW), at(5, NOW)];
    expect(kept(snapshots, NOW, [1])).toEqual([1, 3, 4, 5]);
  });

  const times = fc.array(fc.integer({ min: NOW - 1500 * DAY, max: NOW }), { maxLength: 40 });
  const histories = times.map((list) => list.sort((a, b) => a - b).map((time, index) => at(index + 1, time)));

  test("the newest always stays, and nothing more goes when asked again", () => {
    fc.assert(
      fc.property(histories, fc.nat(800), (snapshots, days) => {
        const now = NOW + days * DAY;
        const left = kept(snapshots, now);
        expect(left.slice(-1)).toEqual(snapshots.slice(-1).map(({ version }) => version));
        const again = snapshots.filter(({ version }) => left.includes(version));
        expect(kept(again, now)).toEqual(left);
      }),
    );
  });

  test("whatever was thinned in between, the same ones are left in the end", () => {
    fc.assert(
      fc.property(histories, fc.nat(500), fc.nat(500), (snapshots, days, more) => {
        const [early, late] = [NOW + days * DAY, NOW + (days + more) * DAY];
        const left = kept(snapshots, early);
        const between = snapshots.filter(({ version }) => left.includes(version));
        expect(kept(between, late)).toEqual(kept(snapshots, late));
      }),
    );
  });

  test("every day of the last 30, month of the year, and year that had a snapshot still has one", () => {
    fc.assert(
      fc.property(histories, (snapshots) => {
        const left = snapshots.filter(({ version }) => kept(snapshots).includes(version));
        const days = (list: readonly SnapshotInfo[]): ReadonlySet<string> =>
          new Set(
            list
              .filter(({ time }) => NOW - time < 30 * DAY)
              .map(({ time }) => new Date(time).toISOString().slice(0, 10)),
          );
        const years = (list: readonly SnapshotInfo[]): ReadonlySet<number> =>
          new Set(list.map(({ time }) => new Date(time).getUTCFullYear()));
        expect(days(left)).toEqual(days(snapshots));
        expect(years(left)).toEqual(years(snapshots));
      }),
    );
  });
});

describe("segments (H3)", () => {
  test("nothing is packed up to 10,000 rows, or 1,000 at rest", () => {
    expect(segmentsToPack(0, 10_000, false, RULES)).toEqual([]);
    expect(segmentsToPack(0, 10_001, false, RULES)).toEqual([2000, 4000, 6000, 8000, 9501]);
    expect(segmentsToPack(0, 1000, true, RULES)).toEqual([]);
    expect(segmentsToPack(9501, 10_502, true, RULES)).toEqual([10_002]);
  });

  test("a long log goes into several, without gaps, and the newest operations keep their rows", () => {
    expect(segmentsToPack(0, 11_700, false, RULES)).toEqual([2000, 4000, 6000, 8000, 10_000, 11_200]);
    fc.assert(
      fc.property(fc.nat(50_000), fc.nat(80_000), fc.boolean(), (packed, rows, atRest) => {
        const borders = [packed, ...segmentsToPack(packed, packed + rows, atRest, RULES)];
        const sizes = borders.slice(1).map((border, index) => border - (borders[index] ?? 0));
        expect(sizes.every((size) => size > 0 && size <= RULES.longestSegment)).toBe(true);
        const left = packed + rows - (borders.at(-1) ?? 0);
        expect(left).toBe(sizes.length === 0 ? rows : RULES.keptRows);
        expect(left).toBeLessThanOrEqual(atRest ? RULES.mostRowsAtRest : RULES.mostRows);
      }),
    );
  });

  test("those whose last operation is a year old go to the archive, once", () => {
    const segment = (first: number, latest: number, archiveKey?: string) => ({
      first,
      last: first,
      earliest: 0,
      latest,
      bytes: 1,
      archiveKey,
    });
    const segments = [segment(1, NOW - 366 * DAY, "x"), segment(2, NOW - 366 * DAY), segment(3, NOW - 364 * DAY)];
    expect(segmentsToArchive(segments, NOW, RULES)).toEqual([segments[1]]);
  });
});
