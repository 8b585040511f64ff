import type { Config } from "../config.js";
import { type StoreLocation, storeLocation } from "../open-store.js";
import { inspectFile } from "../storage/sqlite-file.js";
import type { DocumentRecord, Store } from "../storage/store.js";
import { CommandError, EXIT_CODES } from "./exit-codes.js";
import type { Terminal } from "./terminal.js";

/**
 * Opens the documents for a command that reads, hands them on, and closes them. A server may be at work beside it. A
 * database of another schema is refused and not brought up to date: reading must not change anything.
 *
 * @throws CommandError, StoreError
 */
export async function withDocuments<T>(
  config: Config,
  terminal: Terminal,
  use: (store: Store) => Promise<T>,
): Promise<T> {
  const location = storeLocation(config);
  refuseUnreadable(location);
  const store = await terminal.openStore(location);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

function refuseUnreadable(location: StoreLocation): void {
  if (location.kind !== "sqlite") return;
  const file = inspectFile(location.file);
  if (file === undefined) {
    throw new CommandError(EXIT_CODES.storage, `there is no database at ${location.file}; --data names another folder`);
  }
  if (file.schema === file.newestSchema) return;
  const advice =
    file.schema < file.newestSchema ? "start the server once, which brings it up to date" : "use a newer release";
  const text = `the database has schema ${file.schema}, this release reads ${file.newestSchema}: ${advice}`;
  throw new CommandError(EXIT_CODES.storage, text);
}

const READ_AT_ONCE = 1000;

/** All documents, those in the trash included, in the order of their ids. */
export async function everyDocument(store: Store): Promise<readonly DocumentRecord[]> {
  const records: DocumentRecord[] = [];
  for (;;) {
    const page = await store.allDocuments(records.at(-1)?.id, READ_AT_ONCE);
    records.push(...page);
    if (page.length < READ_AT_ONCE) return records;
  }
}

/** @throws CommandError when there is none of this id */
export async function documentOf(store: Store, id: string): Promise<DocumentRecord> {
  const record = await store.document(id);
  if (record === undefined) throw new CommandError(EXIT_CODES.problems, `there is no document ${JSON.stringify(id)}`);
  return record;
}
