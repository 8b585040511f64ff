import { crc32 } from "node:zlib";
import { Document, decodeOperation, encodeOperation, type Operation } from "@tutti/ot";
import {
  type Append,
  type AppendOutcome,
  type ClientPosition,
  type DocumentRecord,
  type StoredOperation,
  type StoredSnapshot,
  StoreError,
} from "@tutti/server";

/** Something kept as bytes, so that nothing of the writer's objects is shared with a reader. */
interface Row {
  readonly bytes: Uint8Array;
  readonly checksum: number;
}

interface Entry {
  record: DocumentRecord;
  epoch: number;
  /** Version n is at index n - 1. */
  readonly log: Row[];
  /** What each client wrote: sequence → version. */
  readonly clients: Map<string, Map<number, number>>;
  readonly snapshots: Map<number, Row>;
}

/**
 * What survives a crash: the rules of `Store` as plain calls over values in memory. `MemoryStore` adds time and faults.
 * Rows are serialised and checked on read, as on a real disk.
 */
export class MemoryDisk {
  readonly #documents = new Map<string, Entry>();

  createDocument(record: DocumentRecord): void {
    const { id, title, kind, identicalInserts, createdBy, createdAt, updatedAt } = record;
    if (this.#documents.has(id)) throw new StoreError("exists", `document ${id} exists already`);
    const settings = { kind, identicalInserts };
    const kept = { id, title: asUtf8(title), ...settings, createdBy: asUtf8(createdBy), createdAt, updatedAt };
    const nothing = { epoch: 0, log: [], clients: new Map(), snapshots: new Map() };
    this.#documents.set(id, { record: Object.freeze(kept), ...nothing });
  }

  document(id: string): DocumentRecord | undefined {
    return this.#documents.get(id)?.record;
  }

  documents(limit: number): readonly DocumentRecord[] {
    const records = [...this.#documents.values()].map((entry) => entry.record);
    records.sort((a, b) => b.updatedAt - a.updatedAt || compareUtf8(a.id, b.id));
    return records.slice(0, Math.max(0, Math.floor(limit)));
  }

  renameDocument(id: string, title: string, time: number): boolean {
    const entry = this.#documents.get(id);
    if (entry === undefined) return false;
    entry.record = touched({ ...entry.record, title: asUtf8(title) }, time);
    return true;
  }

  claim(document: string): number {
    const entry = this.#existing(document);
    entry.epoch += 1;
    return entry.epoch;
  }

  append(appends: readonly Append[]): readonly AppendOutcome[] {
    return appends.map((append) => this.#appendOne(append));
  }

  operations(document: string, after: number, upTo: number, limit: number): readonly StoredOperation[] {
    const log = this.#documents.get(document)?.log ?? [];
    const start = Math.max(0, after);
    const end = Math.min(Math.max(start, upTo), start + Math.max(0, Math.floor(limit)));
    return log.slice(start, end).map((row, index) => readOperation(row, `${document}/${start + 1 + index}`));
  }

  version(document: string): number {
    return this.#documents.get(document)?.log.length ?? 0;
  }

  clientPosition(document: string, client: string): ClientPosition | undefined {
    const entry = this.#documents.get(document);
    const written = [...(entry?.clients.get(asUtf8(client)) ?? [])];
    const [, newest] = written.reduce((best, next) => (next[0] > best[0] ? next : best), [-1, 0]);
    const row = entry?.log[newest - 1];
    if (row === undefined) return undefined;
    const { sequence, version, user } = readOperation(row, `${document}/${newest}`);
    return { sequence, version, user };
  }

  saveSnapshot(document: string, snapshot: StoredSnapshot): void {
    const { version, checksum, content } = snapshot;
    this.#existing(document).snapshots.set(version, write({ version, checksum }, content));
  }

  snapshot(document: string, atMost: number): StoredSnapshot | undefined {
    const snapshots = this.#documents.get(document)?.snapshots ?? new Map<number, Row>();
    const version = Math.max(...[...snapshots.keys()].filter((candidate) => candidate <= atMost));
    const row = snapshots.get(version);
    return row === undefined ? undefined : readSnapshot(row, `${document}/${version}`);
  }

  /** Flips one bit of a stored operation: it is `damaged` from now on. */
  damageOperation(document: string, version: number): void {
    const { log } = this.#existing(document);
    const row = log[version - 1];
    if (row !== undefined) log[version - 1] = flipped(row);
  }

  /** Flips one bit of a stored snapshot: it is `damaged` until it is written again. */
  damageSnapshot(document: string, version: number): void {
    const { snapshots } = this.#existing(document);
    const row = snapshots.get(version);
    if (row !== undefined) snapshots.set(version, flipped(row));
  }

  #existing(document: string): Entry {
    const entry = this.#documents.get(document);
    if (entry === undefined) throw new StoreError("unknown_document", `there is no document ${document}`);
    return entry;
  }

  #appendOne({ document, epoch, operations }: Append): AppendOutcome {
    const entry = this.#documents.get(document);
    if (entry === undefined) return "unknown_document";
    if (epoch !== entry.epoch || epoch === 0) return "fenced";
    if (operations.some(({ version }, index) => version !== entry.log.length + 1 + index)) return "conflict";
    if (isTaken(entry, operations)) return "conflict";
    // Written before anything is kept, so that what can't be written leaves no trace.
    const rows = operations.map(writeOperation);
    for (const row of rows) entry.log.push(row);
    for (const operation of operations) keep(entry, operation);
    return "stored";
  }
}

/** True when a client's sequence is in the log already, or twice in `operations`. */
function isTaken(entry: Entry, operations: readonly StoredOperation[]): boolean {
  const names = new Set(operations.map(({ client, sequence }) => `${sequence} ${asUtf8(client)}`));
  if (names.size < operations.length) return true;
  return operations.some(({ client, sequence }) => entry.clients.get(asUtf8(client))?.has(sequence) === true);
}

function keep(entry: Entry, { client, sequence, version, time }: StoredOperation): void {
  const written = entry.clients.get(asUtf8(client)) ?? new Map<number, number>();
  entry.clients.set(asUtf8(client), written.set(sequence, version));
  entry.record = touched(entry.record, time);
}

function touched(record: DocumentRecord, time: number): DocumentRecord {
  return Object.freeze({ ...record, updatedAt: Math.max(record.updatedAt, time) });
}

function writeOperation(stored: StoredOperation): Row {
  const { version, sequence, time, checksum } = stored;
  const [client, user] = [asUtf8(stored.client), asUtf8(stored.user)];
  return write({ version, client, sequence, user, time, checksum }, stored.operation);
}

function readOperation(row: Row, what: string): StoredOperation {
  const { head, operation } = read(row, what);
  return { ...(head as Omit<StoredOperation, "operation">), operation };
}

function readSnapshot(row: Row, what: string): StoredSnapshot {
  const { head, operation } = read(row, what);
  const snapshot = { ...(head as Omit<StoredSnapshot, "content">), content: operation };
  if (Document.fromOperation(operation).checksum !== snapshot.checksum) throw damaged(what);
  return snapshot;
}

/** A line of JSON, then the operation. */
function write(head: object, operation: Operation): Row {
  const bytes = Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), encodeOperation(operation)]);
  return { bytes, checksum: crc32(bytes) };
}

function read({ bytes, checksum }: Row, what: string): { head: unknown; operation: Operation } {
  if (crc32(bytes) !== checksum) throw damaged(what);
  const end = bytes.indexOf(10);
  const head: unknown = JSON.parse(Buffer.from(bytes.subarray(0, end)).toString());
  return { head, operation: decodeOperation(bytes.subarray(end + 1)) };
}

function flipped({ bytes, checksum }: Row): Row {
  const changed = Uint8Array.from(bytes);
  const last = changed.length - 1;
  changed[last] = (changed[last] ?? 0) ^ 1;
  return { bytes: changed, checksum };
}

const damaged = (what: string): StoreError => new StoreError("damaged", `${what} is not as it was written`);

/** Half a surrogate pair becomes U+FFFD, as in a database that keeps UTF-8. */
const asUtf8 = (text: string): string => Buffer.from(text).toString();

const compareUtf8 = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
