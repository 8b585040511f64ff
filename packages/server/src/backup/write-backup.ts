import type { AuditRecord, DocumentRecord, Store, StoredOperation } from "../storage/store.js";
import { type BackupLine, BackupSums, writeLine } from "./backup-format.js";

const READ_AT_ONCE = 2000;

/**
 * Everything that a store holds, as the lines of a backup. Each document is complete up to the version that it had when
 * its turn came; what is typed meanwhile is not held up, and is in the next backup.
 *
 * @param documents in the order in which they are written
 * @param time of the backup, in milliseconds since 1970
 * @param progress told how many documents are done
 * @throws StoreError also `damaged`: what can't be read is never left out in silence
 */
export async function* backupLines(
  store: Store,
  documents: readonly DocumentRecord[],
  time: number,
  progress: (done: number, total: number, operations: number) => void,
): AsyncGenerator<string> {
  const sums = new BackupSums();
  const write = (line: BackupLine): string => {
    const text = writeLine(line);
    sums.add(text, line.kind);
    return `${text}\n`;
  };
  yield write({ kind: "head", time });
  for (const [index, { id }] of documents.entries()) {
    // The version is read after the record: a record is never newer than the operations that follow it.
    const record = await store.document(id);
    if (record === undefined) continue;
    const version = await store.version(id);
    yield write({ kind: "document", record, version });
    for await (const page of pages(store, id, version)) {
      yield page.map((stored) => write({ kind: "operation", stored })).join("");
      progress(index, documents.length, sums.operations);
    }
    for (const named of await store.namedVersions(id))
      if (named.version <= version) yield write({ kind: "name", named });
    for (const { user, role } of await store.permissionsOf(id)) yield write({ kind: "role", user, role });
    yield write(sums.end(id));
  }
  for (const { id: _id, ...entry } of await auditRecords(store)) yield write({ kind: "audit", entry });
  yield write(sums.complete());
}

/** The oldest first. */
async function auditRecords(store: Store): Promise<readonly AuditRecord[]> {
  const records: AuditRecord[] = [];
  for (;;) {
    const page = await store.auditRecords({ before: records.at(-1)?.id }, READ_AT_ONCE);
    records.push(...page);
    if (page.length < READ_AT_ONCE) return records.toReversed();
  }
}

async function* pages(store: Store, id: string, version: number): AsyncGenerator<readonly StoredOperation[]> {
  for (let after = 0; after < version; ) {
    const page = await store.operations(id, after, version, READ_AT_ONCE);
    if (page.length === 0) return;
    yield page;
    after += page.length;
  }
}
