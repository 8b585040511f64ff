/** @tutti/server: the parts that `main` wires together, for tests, simulators and people who embed the server. */
export type { Authenticator } from "./access/authenticator.js";
export type { Documents } from "./documents/documents.js";
export { type Log, type LogFields, silentLog } from "./log.js";
export { type Observer, silentObserver } from "./metrics/observer.js";
export { createServer, type ServerEnvironment, type TuttiServer } from "./server.js";
export { SqliteStore, type SqliteStoreSettings } from "./storage/sqlite-store.js";
export {
  type Append,
  type AppendOutcome,
  type ClientPosition,
  type DocumentKind,
  type DocumentRecord,
  type Store,
  type StoredOperation,
  type StoredSnapshot,
  StoreError,
  type StoreErrorCode,
} from "./storage/store.js";
