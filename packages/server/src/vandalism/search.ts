import type { Clock } from "@tutti/protocol";
import { TimeSlices } from "../delivery/time-slices.js";
import type { Documents } from "../documents/documents.js";
import type { OperationStore } from "../storage/store.js";
import type { Commit } from "./commit.js";
import { MissingText, type Part } from "./missing-text.js";

export interface SearchEnvironment {
  readonly store: Pick<OperationStore, "operations">;
  readonly clock: Clock;
  readonly documents: Pick<Documents, "open" | "release" | "contentAt">;
}

/** Whose deletions are looked for. */
export interface Deletions {
  readonly document: string;
  /** The id of the person. */
  readonly user: string;
  /** Version of the first deletion. */
  readonly first: number;
  /** Deletions after this time (ms) are none of them. */
  readonly until: number;
}

/** What is missing of a document at its newest durable version. */
export interface Found {
  readonly missing: MissingText;
  readonly version: number;
}

const READ_AT_ONCE = 1000;

/**
 * Looks for what somebody deleted: from the content before the first deletion through every operation since, out of memory
 * where it has them, out of the store where it has not.
 * @throws TuttiError `not_found`; StoreError, `archived` among them
 */
export async function findMissing(deletions: Deletions, env: SearchEnvironment): Promise<Found> {
  const { document, first } = deletions;
  const { content } = await env.documents.contentAt(document, first - 1);
  const missing = new MissingText(content);
  const slices = new TimeSlices(env.clock);
  let version = first - 1;
  for (;;) {
    const next = await operationsAfter(document, version, env);
    if (next.length === 0) return { missing, version };
    for (const commit of next) {
      missing.follow(commit.operation, partOf(commit, deletions));
      version = commit.version;
      await slices.next();
    }
  }
}

/** The next ones; none at the newest durable version. */
async function operationsAfter(id: string, version: number, env: SearchEnvironment): Promise<readonly Commit[]> {
  const actor = await env.documents.open(id);
  try {
    const recent = actor.recentSince(version);
    return recent ?? (await env.store.operations(id, version, actor.version, READ_AT_ONCE));
  } finally {
    env.documents.release(id);
  }
}

function partOf({ user, time }: Commit, deletions: Deletions): Part {
  if (user !== deletions.user) return "other";
  return time <= deletions.until ? "deletion" : "own";
}
