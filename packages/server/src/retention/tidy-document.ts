import type { DocumentRecord, Store } from "../storage/store.js";
import { doAction } from "./do-action.js";
import { factsOf, planDocument } from "./plan-document.js";
import { RETENTION_RULES } from "./rules.js";

/**
 * What an open document can't wait for a nightly run with: after a snapshot, those that it makes superfluous are
 * deleted, and a log that became long is packed (S4, H3).
 * @throws StoreError; everything is as it was before, or done
 */
export async function tidyDocument(store: Store, record: DocumentRecord, now: number): Promise<void> {
  const facts = await factsOf(store, record.id);
  const settings = { now, rules: RETENTION_RULES, atRest: false, archive: false };
  for (const action of planDocument(record, facts, settings)) {
    if (action.kind !== "purge") await doAction(store, undefined, record.id, action);
  }
}
