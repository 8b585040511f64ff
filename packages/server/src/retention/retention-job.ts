import type { Archive } from "../storage/archive.js";
import { type DocumentRecord, type Store, StoreError } from "../storage/store.js";
import { doAction } from "./do-action.js";
import { factsOf, planDocument, type RetentionAction } from "./plan-document.js";
import { RETENTION_RULES, type RetentionRules } from "./rules.js";

export interface RetentionSettings {
  readonly store: Store;
  /** Left out: old segments stay in the store. */
  readonly archive?: Archive | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly rules?: RetentionRules | undefined;
  /** True for documents that somebody works on: less is packed there. */
  readonly isOpen?: ((document: string) => boolean) | undefined;
  /** Only says what would be done, and does not go on where an earlier run stopped. */
  readonly dryRun?: boolean | undefined;
  /** Stops between two actions; the next run goes on there. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each document that there is something to do for, before it is done. */
  readonly onPlan?: ((document: DocumentRecord, actions: readonly RetentionAction[]) => void) | undefined;
  /** Told after each document. */
  readonly onProgress?: ((progress: RetentionProgress) => void) | undefined;
  /** Told of what could not be done; the other documents are looked after all the same. */
  readonly onError?: ((document: DocumentRecord, error: StoreError) => void) | undefined;
}

export interface RetentionProgress {
  /** Looked at so far, in this run. */
  readonly documents: number;
  /** Done so far, or planned in a dry run. */
  readonly actions: number;
  readonly errors: number;
}

const JOB = "retention";
const PAGE = 50;

/**
 * Goes over all documents, those in the trash included, and does what retention asks for (H3, H4). After each page of
 * documents it notes how far it came, so that a run that was stopped or killed is gone on with by the next one.
 *
 * @returns what was done; an aborted run returns what it did until then
 * @throws StoreError when the list of documents can't be read
 */
export async function runRetention(settings: RetentionSettings): Promise<RetentionProgress> {
  const { store, dryRun = false, signal } = settings;
  let progress: RetentionProgress = { documents: 0, actions: 0, errors: 0 };
  let after = dryRun ? undefined : await store.jobState(JOB);
  for (;;) {
    const page = await store.allDocuments(after, PAGE);
    for (const record of page) {
      if (signal?.aborted === true) return progress;
      progress = await lookAfter(record, settings, progress);
      settings.onProgress?.(progress);
    }
    after = page.at(-1)?.id;
    if (!dryRun) await store.saveJobState(JOB, after);
    if (after === undefined) break;
  }
  while (!dryRun && signal?.aborted !== true && (await store.reclaimSpace()));
  return progress;
}

async function lookAfter(
  record: DocumentRecord,
  settings: RetentionSettings,
  { documents, actions, errors }: RetentionProgress,
): Promise<RetentionProgress> {
  const { store, archive, signal, dryRun = false } = settings;
  let done = 0;
  try {
    const plan = await planFor(record, settings);
    if (plan.length > 0) settings.onPlan?.(record, plan);
    for (const action of plan) {
      if (signal?.aborted === true) break;
      if (!dryRun) await doAction(store, archive, record.id, action);
      done += 1;
    }
    return { documents: documents + 1, actions: actions + done, errors };
  } catch (error) {
    if (!(error instanceof StoreError) || error.code === "closed") throw error;
    settings.onError?.(record, error);
    return { documents: documents + 1, actions: actions + done, errors: errors + 1 };
  }
}

async function planFor(record: DocumentRecord, settings: RetentionSettings): Promise<readonly RetentionAction[]> {
  const { store, archive, now, rules = RETENTION_RULES, isOpen = () => false } = settings;
  return planDocument(record, await factsOf(store, record.id), {
    now: now(),
    rules,
    atRest: !isOpen(record.id),
    archive: archive !== undefined,
  });
}
