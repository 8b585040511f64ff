/** @tutti/server: the parts that `main` wires together, for tests, simulators and people who embed the server. */
export {
  type Append,
  type AppendOutcome,
  type ClientPosition,
  type DocumentKind,
  type DocumentRecord,
  type Store,
  StoreError,
  type StoreErrorCode,
  type StoredOperation,
  type StoredSnapshot,
} from "./storage/store.js";
