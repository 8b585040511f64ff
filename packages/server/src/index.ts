/** @tutti/server: the parts that `main` wires together, for tests, simulators and people who embed the server. */
export type { Authenticator, Identity } from "./access/authenticator.js";
export { type CrowdRules, DEFAULT_CROWD } from "./attendance/defaults.js";
export type { Documents } from "./documents/documents.js";
export { type LoadedDocument, loadDocument } from "./documents/load.js";
export { type Log, type LogFields, silentLog } from "./log.js";
export { type Observer, silentObserver } from "./metrics/observer.js";
export { DEFAULT_PRESENCE, type PresenceSettings } from "./presence/defaults.js";
export type { RetentionAction } from "./retention/plan-document.js";
export { type RetentionProgress, type RetentionSettings, runRetention } from "./retention/retention-job.js";
export { RETENTION_RULES, type RetentionRules } from "./retention/rules.js";
export { tidyDocument } from "./retention/tidy-document.js";
export { createServer, type ServerEnvironment, type TuttiServer } from "./server.js";
export { readSnapshot } from "./snapshots/read-snapshot.js";
export { writeSnapshot } from "./snapshots/write-snapshot.js";
export { type Archive, archiveKey } from "./storage/archive.js";
export { ArchivingStore } from "./storage/archiving-store.js";
export { FolderArchive } from "./storage/folder-archive.js";
export { ForwardingStore } from "./storage/forwarding-store.js";
export { type PackedSegment, packOperations } from "./storage/packed-segment.js";
export { PostgresStore, type PostgresStoreSettings } from "./storage/postgres-store.js";
export { S3Archive, type S3ArchiveSettings } from "./storage/s3-archive.js";
export { unpackSegment } from "./storage/segment-format.js";
export type { Synchronous } from "./storage/sqlite-database.js";
export { SqliteStore, type SqliteStoreSettings } from "./storage/sqlite-store.js";
export {
  type Append,
  type AppendOutcome,
  type AuditEntry,
  type AuditQuery,
  type AuditRecord,
  type Chunk,
  type ChunkedSnapshot,
  type ChunkName,
  type ClientPosition,
  type DocumentKind,
  type DocumentRecord,
  type NamedVersion,
  type NewOperation,
  type Permission,
  type SegmentInfo,
  type SnapshotInfo,
  type Store,
  type StoredOperation,
  type StoredSnapshot,
  StoreError,
  type StoreErrorCode,
  type Trashed,
  type WholeSnapshot,
} from "./storage/store.js";
export type { ContentCheck, Passage } from "./vandalism/content-check.js";
export { DEFAULT_VANDALISM, type VandalismRules } from "./vandalism/rules.js";
