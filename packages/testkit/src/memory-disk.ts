import {
  type Append,
  type AppendOutcome,
  type AuditEntry,
  type AuditQuery,
  type AuditRecord,
  type Chunk,
  type ClientPosition,
  type DocumentRecord,
  type NamedVersion,
  type Permission,
  type SegmentInfo,
  type SnapshotInfo,
  type Store,
  type StoredOperation,
  type StoredSnapshot,
  StoreError,
  type Synchronous,
} from "@tutti/server";
import { MemoryAccess } from "./memory-access.js";
import { MemoryLog } from "./memory-log.js";
import { asUtf8, atMost, compareUtf8 } from "./memory-rows.js";
import { MemorySnapshots } from "./memory-snapshots.js";

interface Entry {
  readonly record: DocumentRecord;
  readonly epoch: number;
  readonly log: MemoryLog;
  readonly snapshots: MemorySnapshots;
}

/**
 * What survives a crash: the rules of `Store` as plain calls over values in memory. `MemoryStore` adds time and faults.
 * Rows are serialised and checked on read, as on a real disk.
 */
export class MemoryDisk implements Synchronous<Omit<Store, "close">> {
  #documents = new Map<string, Entry>();
  #access = new MemoryAccess();
  #jobs = new Map<string, string>();

  createDocument(record: DocumentRecord): void {
    if (this.#documents.has(record.id)) throw new StoreError("exists", `document ${record.id} exists already`);
    const kept = { ...record, title: asUtf8(record.title), createdBy: asUtf8(record.createdBy) };
    const [log, snapshots] = [new MemoryLog(record.id), new MemorySnapshots(record.id)];
    this.#documents.set(record.id, { record: Object.freeze(kept), epoch: 0, log, snapshots });
  }

  document(id: string): DocumentRecord | undefined {
    return this.#documents.get(id)?.record;
  }

  documents(limit: number): readonly DocumentRecord[] {
    const records = this.#records().filter(({ trashed }) => trashed === undefined);
    records.sort((a, b) => b.updatedAt - a.updatedAt || compareUtf8(a.id, b.id));
    return records.slice(0, atMost(limit));
  }

  trashedDocuments(createdBy: string, limit: number): readonly DocumentRecord[] {
    const records = this.#records().filter((record) => record.trashed && record.createdBy === asUtf8(createdBy));
    records.sort((a, b) => (b.trashed?.at ?? 0) - (a.trashed?.at ?? 0) || compareUtf8(a.id, b.id));
    return records.slice(0, atMost(limit));
  }

  allDocuments(after: string | undefined, limit: number): readonly DocumentRecord[] {
    const records = this.#records().filter(({ id }) => compareUtf8(id, after ?? "") > 0);
    return records.sort((a, b) => compareUtf8(a.id, b.id)).slice(0, atMost(limit));
  }

  documentCount(createdBy: string): number {
    return this.#records().filter((record) => record.createdBy === asUtf8(createdBy)).length;
  }

  renameDocument(id: string, title: string, time: number): boolean {
    return this.#update(id, ({ record }) => ({ record: touched({ ...record, title: asUtf8(title) }, time) }));
  }

  moderateDocument(id: string, moderated: boolean): boolean {
    return this.#update(id, ({ record: { moderated: _before, ...record } }) => {
      return { record: moderated ? { ...record, moderated } : record };
    });
  }

  trashDocument(id: string, by: string, time: number): boolean {
    return this.#update(id, ({ record, epoch }) => {
      if (record.trashed !== undefined) return undefined;
      return { epoch: epoch + 1, record: { ...record, trashed: { at: time, by: asUtf8(by) } } };
    });
  }

  restoreDocument(id: string): boolean {
    return this.#update(id, ({ record: { trashed, ...record } }) => trashed && { record });
  }

  purgeDocument(id: string): boolean {
    if (this.document(id)?.trashed === undefined) return false;
    this.#access.forget(id);
    return this.#documents.delete(id);
  }

  claim(document: string): number {
    const claimed = this.#update(document, ({ record, epoch }) => {
      return record.trashed === undefined ? { epoch: epoch + 1 } : undefined;
    });
    if (!claimed) throw unknown(document);
    return this.#existing(document).epoch;
  }

  append(appends: readonly Append[]): readonly AppendOutcome[] {
    return appends.map((append) => this.#appendOne(append));
  }

  operations(document: string, after: number, upTo: number, limit: number): readonly StoredOperation[] {
    return this.#documents.get(document)?.log.operations(after, upTo, atMost(limit)) ?? [];
  }

  version(document: string): number {
    return this.#documents.get(document)?.log.version ?? 0;
  }

  clientPosition(document: string, client: string): ClientPosition | undefined {
    return this.#documents.get(document)?.log.position(client);
  }

  compact(document: string, upTo: number): SegmentInfo | undefined {
    return this.#existing(document).log.compact(upTo);
  }

  segments(document: string): readonly SegmentInfo[] {
    return this.#documents.get(document)?.log.segments() ?? [];
  }

  segment(document: string, first: number): Uint8Array | undefined {
    return this.#documents.get(document)?.log.segment(first);
  }

  archiveSegment(document: string, first: number, key: string): boolean {
    return this.#documents.get(document)?.log.archive(first, key) ?? false;
  }

  saveChunks(document: string, chunks: readonly Chunk[], time: number): void {
    this.#existing(document).snapshots.saveChunks(chunks, time);
  }

  chunks(document: string, names: readonly string[]): readonly Uint8Array[] {
    return (this.#documents.get(document)?.snapshots ?? new MemorySnapshots(document)).chunks(names);
  }

  saveSnapshot(document: string, snapshot: StoredSnapshot): void {
    this.#existing(document).snapshots.save(snapshot);
  }

  snapshot(document: string, upTo: number): StoredSnapshot | undefined {
    return this.#documents.get(document)?.snapshots.newest(upTo);
  }

  snapshots(document: string): readonly SnapshotInfo[] {
    return this.#documents.get(document)?.snapshots.list() ?? [];
  }

  deleteSnapshot(document: string, version: number): boolean {
    return this.#documents.get(document)?.snapshots.delete(version) ?? false;
  }

  collectChunks(document: string, savedBefore: number): number {
    return this.#documents.get(document)?.snapshots.collectChunks(savedBefore) ?? 0;
  }

  nameVersion(document: string, named: NamedVersion): void {
    this.#existing(document).snapshots.nameVersion(named);
  }

  namedVersions(document: string): readonly NamedVersion[] {
    return this.#documents.get(document)?.snapshots.namedVersions() ?? [];
  }

  setRole(document: string, user: string, role: string | undefined): void {
    this.#existing(document);
    this.#access.setRole(document, user, role);
  }

  role(document: string, user: string): string | undefined {
    return this.#access.role(document, user);
  }

  permissionsOf(document: string): readonly Permission[] {
    return this.#access.ofDocument(document);
  }

  permissionsFor(user: string, after: string | undefined, limit: number): readonly Permission[] {
    return this.#access.ofUser(user, after, limit);
  }

  audit(entries: readonly AuditEntry[]): void {
    this.#access.audit(structuredClone(entries));
  }

  auditRecords(query: AuditQuery, limit: number): readonly AuditRecord[] {
    return this.#access.auditRecords(query, limit);
  }

  jobState(job: string): string | undefined {
    return this.#jobs.get(job);
  }

  saveJobState(job: string, state: string | undefined): void {
    if (state === undefined) this.#jobs.delete(job);
    else this.#jobs.set(job, state);
  }

  reclaimSpace(): boolean {
    return false;
  }

  /** Flips one bit of a stored operation: it is `damaged` from now on. */
  damageOperation(document: string, version: number): void {
    this.#existing(document).log.damageOperation(version);
  }

  /** Flips one bit of where a client is. */
  damageClient(document: string, client: string): void {
    this.#existing(document).log.damageClient(client);
  }

  /** Flips one bit of a segment. */
  damageSegment(document: string, first: number): void {
    this.#existing(document).log.damageSegment(first);
  }

  /** Flips one bit of a stored snapshot: it is `damaged` until it is written again. */
  damageSnapshot(document: string, version: number): void {
    this.#existing(document).snapshots.damageSnapshot(version);
  }

  /** Flips one bit of a chunk. */
  damageChunk(document: string, name: string): void {
    this.#existing(document).snapshots.damageChunk(name);
  }

  /** What brings everything back to how it is now; O(documents + chunks). */
  checkpoint(): () => void {
    const documents = new Map([...this.#documents].map(([id, entry]) => [id, copyOf(entry)]));
    const access = this.#access.copy();
    const jobs = new Map(this.#jobs);
    return () => {
      this.#documents = documents;
      this.#access = access;
      this.#jobs = jobs;
    };
  }

  #records(): DocumentRecord[] {
    return [...this.#documents.values()].map(({ record }) => record);
  }

  #existing(document: string): Entry {
    const entry = this.#documents.get(document);
    if (entry === undefined) throw unknown(document);
    return entry;
  }

  /** False when there is no such document, or `change` has nothing to change. */
  #update(id: string, change: (entry: Entry) => Partial<Entry> | undefined): boolean {
    const entry = this.#documents.get(id);
    const changed = entry && change(entry);
    if (entry === undefined || changed === undefined) return false;
    this.#documents.set(id, { ...entry, ...changed, record: Object.freeze(changed.record ?? entry.record) });
    return true;
  }

  #appendOne({ document, epoch, operations }: Append): AppendOutcome {
    const entry = this.#documents.get(document);
    if (entry === undefined) return "unknown_document";
    if (epoch !== entry.epoch || epoch === 0 || entry.record.trashed !== undefined) return "fenced";
    if (!entry.log.append(operations)) return "conflict";
    const record = operations.reduce((latest, { time }) => touched(latest, time), entry.record);
    this.#update(document, () => ({ record }));
    return "stored";
  }
}

function touched(record: DocumentRecord, time: number): DocumentRecord {
  return { ...record, updatedAt: Math.max(record.updatedAt, time) };
}

const copyOf = (entry: Entry): Entry => ({ ...entry, log: entry.log.copy(), snapshots: entry.snapshots.copy() });

const unknown = (id: string): StoreError => new StoreError("unknown_document", `there is no document ${id}`);
