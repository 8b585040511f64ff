import type {
  Append,
  AppendOutcome,
  AuditEntry,
  AuditQuery,
  AuditRecord,
  Chunk,
  ChunkName,
  ClientPosition,
  DocumentRecord,
  NamedVersion,
  Permission,
  SegmentInfo,
  SnapshotInfo,
  Store,
  StoredOperation,
  StoredSnapshot,
} from "./store.js";

/** Hands every call on to another store. To be extended by whatever changes some of them. */
export class ForwardingStore implements Store {
  protected readonly inner: Store;

  constructor(inner: Store) {
    this.inner = inner;
  }

  createDocument(record: DocumentRecord): Promise<void> {
    return this.inner.createDocument(record);
  }

  document(id: string): Promise<DocumentRecord | undefined> {
    return this.inner.document(id);
  }

  documents(limit: number): Promise<readonly DocumentRecord[]> {
    return this.inner.documents(limit);
  }

  trashedDocuments(createdBy: string, limit: number): Promise<readonly DocumentRecord[]> {
    return this.inner.trashedDocuments(createdBy, limit);
  }

  allDocuments(after: string | undefined, limit: number): Promise<readonly DocumentRecord[]> {
    return this.inner.allDocuments(after, limit);
  }

  documentCount(createdBy: string): Promise<number> {
    return this.inner.documentCount(createdBy);
  }

  renameDocument(id: string, title: string, time: number): Promise<boolean> {
    return this.inner.renameDocument(id, title, time);
  }

  moderateDocument(id: string, moderated: boolean): Promise<boolean> {
    return this.inner.moderateDocument(id, moderated);
  }

  trashDocument(id: string, by: string, time: number): Promise<boolean> {
    return this.inner.trashDocument(id, by, time);
  }

  restoreDocument(id: string): Promise<boolean> {
    return this.inner.restoreDocument(id);
  }

  purgeDocument(id: string): Promise<boolean> {
    return this.inner.purgeDocument(id);
  }

  claim(document: string): Promise<number> {
    return this.inner.claim(document);
  }

  append(appends: readonly Append[]): Promise<readonly AppendOutcome[]> {
    return this.inner.append(appends);
  }

  operations(document: string, after: number, upTo: number, limit: number): Promise<readonly StoredOperation[]> {
    return this.inner.operations(document, after, upTo, limit);
  }

  version(document: string): Promise<number> {
    return this.inner.version(document);
  }

  clientPosition(document: string, client: string): Promise<ClientPosition | undefined> {
    return this.inner.clientPosition(document, client);
  }

  compact(document: string, upTo: number): Promise<SegmentInfo | undefined> {
    return this.inner.compact(document, upTo);
  }

  segments(document: string): Promise<readonly SegmentInfo[]> {
    return this.inner.segments(document);
  }

  segment(document: string, first: number): Promise<Uint8Array | undefined> {
    return this.inner.segment(document, first);
  }

  archiveSegment(document: string, first: number, key: string): Promise<boolean> {
    return this.inner.archiveSegment(document, first, key);
  }

  saveChunks(document: string, chunks: readonly Chunk[], time: number): Promise<void> {
    return this.inner.saveChunks(document, chunks, time);
  }

  chunks(document: string, names: readonly ChunkName[]): Promise<readonly Uint8Array[]> {
    return this.inner.chunks(document, names);
  }

  saveSnapshot(document: string, snapshot: StoredSnapshot): Promise<void> {
    return this.inner.saveSnapshot(document, snapshot);
  }

  snapshot(document: string, atMost: number): Promise<StoredSnapshot | undefined> {
    return this.inner.snapshot(document, atMost);
  }

  snapshots(document: string): Promise<readonly SnapshotInfo[]> {
    return this.inner.snapshots(document);
  }

  deleteSnapshot(document: string, version: number): Promise<boolean> {
    return this.inner.deleteSnapshot(document, version);
  }

  collectChunks(document: string, savedBefore: number): Promise<number> {
    return this.inner.collectChunks(document, savedBefore);
  }

  nameVersion(document: string, named: NamedVersion): Promise<void> {
    return this.inner.nameVersion(document, named);
  }

  namedVersions(document: string): Promise<readonly NamedVersion[]> {
    return this.inner.namedVersions(document);
  }

  setRole(document: string, user: string, role: string | undefined): Promise<void> {
    return this.inner.setRole(document, user, role);
  }

  role(document: string, user: string): Promise<string | undefined> {
    return this.inner.role(document, user);
  }

  permissionsOf(document: string): Promise<readonly Permission[]> {
    return this.inner.permissionsOf(document);
  }

  permissionsFor(user: string, after: string | undefined, limit: number): Promise<readonly Permission[]> {
    return this.inner.permissionsFor(user, after, limit);
  }

  audit(entries: readonly AuditEntry[]): Promise<void> {
    return this.inner.audit(entries);
  }

  auditRecords(query: AuditQuery, limit: number): Promise<readonly AuditRecord[]> {
    return this.inner.auditRecords(query, limit);
  }

  jobState(job: string): Promise<string | undefined> {
    return this.inner.jobState(job);
  }

  saveJobState(job: string, state: string | undefined): Promise<void> {
    return this.inner.saveJobState(job, state);
  }

  reclaimSpace(): Promise<boolean> {
    return this.inner.reclaimSpace();
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}
