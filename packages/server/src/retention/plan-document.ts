import type { DocumentRecord, SegmentInfo, Store } from "../storage/store.js";
import { segmentsToArchive, segmentsToPack } from "./plan-segments.js";
import { snapshotsToDelete } from "./plan-snapshots.js";
import type { RetentionRules } from "./rules.js";

/** One thing to be done. Each can be done again after a crash, without harm. */
export type RetentionAction =
  | { readonly kind: "delete_snapshot"; readonly version: number }
  /** Deletes chunks that no snapshot names and that were saved before a time. */
  | { readonly kind: "collect_chunks"; readonly savedBefore: number }
  /** Packs what is behind the last segment up to this version. */
  | { readonly kind: "pack"; readonly upTo: number }
  | { readonly kind: "archive"; readonly segment: SegmentInfo }
  /** The document leaves the trash for good, with those of its segments that are in the archive. */
  | { readonly kind: "purge"; readonly archived: readonly string[] };

export interface PlanSettings {
  readonly now: number;
  readonly rules: RetentionRules;
  /** Whether nobody works on the document now. */
  readonly atRest: boolean;
  /** Whether there is an archive to move segments to. */
  readonly archive: boolean;
}

/** All that is known about a document when its plan is made. */
export interface DocumentFacts {
  readonly version: number;
  readonly snapshots: Awaited<ReturnType<Store["snapshots"]>>;
  readonly named: Awaited<ReturnType<Store["namedVersions"]>>;
  readonly segments: readonly SegmentInfo[];
}

/** @throws StoreError */
export async function factsOf(store: Store, document: string): Promise<DocumentFacts> {
  const [version, snapshots, named, segments] = await Promise.all([
    store.version(document),
    store.snapshots(document),
    store.namedVersions(document),
    store.segments(document),
  ]);
  return { version, snapshots, named, segments };
}

/** What retention would do to a document now, in the order in which it is done (H3, H4). Pure. */
export function planDocument(
  record: DocumentRecord,
  facts: DocumentFacts,
  { now, rules, atRest, archive }: PlanSettings,
): readonly RetentionAction[] {
  const { version, snapshots, named, segments } = facts;
  if (record.trashed !== undefined && now - record.trashed.at > rules.trashFor) {
    const archived = segments.flatMap(({ archiveKey }) => archiveKey ?? []);
    return [{ kind: "purge", archived }];
  }
  const names = new Set(named.map((each) => each.version));
  const deleted = snapshotsToDelete(snapshots, names, now, rules);
  const packed = segments.at(-1)?.last ?? 0;
  return [
    ...deleted.map((each) => ({ kind: "delete_snapshot" as const, version: each })),
    ...(snapshots.length === 0 ? [] : [{ kind: "collect_chunks" as const, savedBefore: now - rules.unusedChunks }]),
    ...segmentsToPack(packed, version, atRest, rules).map((upTo) => ({ kind: "pack" as const, upTo })),
    ...(archive ? segmentsToArchive(segments, now, rules) : []).map((segment) => ({
      kind: "archive" as const,
      segment,
    })),
  ];
}
