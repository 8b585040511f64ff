/** @tutti/server: the parts that `main` wires together, for tests, simulators and people who embed the server. */
export type { Authenticator } from "./access/authenticator.js";
export type { Documents } from "./documents/documents.js";
export { type Log, type LogFields, silentLog } from "./log.js";
export { type Observer, silentObserver } from "./metrics/observer.js";
export { createServer, type ServerEnvironment, type TuttiServer } from "./server.js";
export { readSnapshot } from "./snapshots/read-snapshot.js";
export { writeSnapshot } from "./snapshots/write-snapshot.js";
export { ForwardingStore } from "./storage/forwarding-store.js";
export { type PackedSegment, packOperations } from "./storage/packed-segment.js";
export { PostgresStore, type PostgresStoreSettings } from "./storage/postgres-store.js";
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
