import { encodeOperation, type Operation } from "@tutti/ot";
import type {
  DocumentRecord,
  NamedVersion,
  SegmentInfo,
  SnapshotInfo,
  Store,
  StoredOperation,
} from "../storage/store.js";

/** Who wrote a document, from where. */
export interface ClientSummary {
  readonly client: string;
  readonly user: string;
  readonly operations: number;
  /** Newest sequence. */
  readonly sequence: number;
  /** Of the newest operation, in milliseconds since 1970. */
  readonly lastSeen: number;
}

export interface OperationSummary {
  readonly version: number;
  readonly time: number;
  readonly user: string;
  readonly client: string;
  readonly sequence: number;
  /** Such as `retain 5, insert "Hello wor…" (11), delete 2`. */
  readonly what: string;
}

export interface Inspection {
  readonly record: DocumentRecord;
  readonly version: number;
  /** Checksum of the newest version; undefined for an empty log. */
  readonly checksum: number | undefined;
  /** Of all operations, as they are encoded. */
  readonly logBytes: number;
  readonly snapshots: readonly SnapshotInfo[];
  /** Packed operations; those with an `archiveKey` are in the archive. */
  readonly segments: readonly SegmentInfo[];
  readonly named: readonly NamedVersion[];
  /** People with a role of their own. */
  readonly permissions: number;
  /** The last ones to write come first. */
  readonly clients: readonly ClientSummary[];
  /** The newest comes last. */
  readonly latest: readonly OperationSummary[];
}

const READ_AT_ONCE = 5000;
/** Units of text of one insert that are shown: enough to recognise it, not to read it. */
const SHOWN_TEXT = 24;
const SHOWN_COMPONENTS = 6;

/**
 * What is stored of a document, up to the newest version at the start.
 * @param last how many of the newest operations are listed
 * @throws StoreError
 */
export async function inspectDocument(store: Store, record: DocumentRecord, last: number): Promise<Inspection> {
  const version = await store.version(record.id);
  const clients = new Map<string, ClientSummary>();
  const latest: StoredOperation[] = [];
  let logBytes = 0;
  let checksum: number | undefined;
  for await (const stored of operationsOf(store, record.id, version)) {
    logBytes += encodeOperation(stored.operation).length;
    clients.set(stored.client, summarise(stored, clients.get(stored.client)));
    if (stored.version > version - last) latest.push(stored);
    checksum = stored.checksum;
  }
  return {
    record,
    version,
    checksum,
    logBytes,
    snapshots: await store.snapshots(record.id),
    segments: await store.segments(record.id),
    named: await store.namedVersions(record.id),
    permissions: (await store.permissionsOf(record.id)).length,
    clients: [...clients.values()].toSorted((a, b) => b.lastSeen - a.lastSeen),
    latest: latest.map(describe),
  };
}

/** All operations up to a version, in order, a page at a time. @throws StoreError */
export async function* operationsOf(store: Store, id: string, upTo: number): AsyncGenerator<StoredOperation> {
  for (let after = 0; after < upTo; ) {
    const page = await store.operations(id, after, upTo, READ_AT_ONCE);
    yield* page;
    after += page.length;
  }
}

function summarise({ client, user, sequence, time }: StoredOperation, before: ClientSummary | undefined) {
  return { client, user, sequence, lastSeen: time, operations: (before?.operations ?? 0) + 1 };
}

function describe({ version, time, user, client, sequence, operation }: StoredOperation): OperationSummary {
  return { version, time, user, client, sequence, what: describeOperation(operation) };
}

/** An operation in a few words; text is shortened. */
export function describeOperation(operation: Operation): string {
  const shown = operation.slice(0, SHOWN_COMPONENTS).map((component) => {
    if ("retain" in component) return `retain ${component.retain}${"attributes" in component ? " with format" : ""}`;
    if ("delete" in component) return `delete ${component.delete}`;
    if (!("insert" in component)) return "unknown";
    if (typeof component.insert !== "string") return `insert ${Object.keys(component.insert).join()}`;
    return `insert ${shorten(component.insert)}`;
  });
  if (operation.length > SHOWN_COMPONENTS) shown.push(`${operation.length - SHOWN_COMPONENTS} more`);
  return shown.join(", ");
}

function shorten(text: string): string {
  if (text.length <= SHOWN_TEXT) return JSON.stringify(text);
  const start = text.slice(0, SHOWN_TEXT).replace(/\p{Surrogate}/gu, "");
  return `${JSON.stringify(`${start}…`)} (${text.length})`;
}
