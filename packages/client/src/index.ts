/**
 * @tutti/client: documents that several people edit at once.
 *
 *     const client = new TuttiClient({ url: "http://127.0.0.1:4400", token });
 *     const doc = client.open(id);
 *     await doc.ready;
 *     doc.insert(0, "Hello");
 *
 * Read `document/handle` for what an edit does, `document/replica` for the two halves of a document,
 * `document/synchroniser` for how they are kept together, and `connection/link` for the connection below them.
 */
export { type Device, type ErrorCode, type ErrorData, TuttiError, type Visibility } from "@tutti/protocol";
export type { Alert, Attendance } from "./attendance/attendance.js";
export { type ClientEvents, type ClientOptions, TuttiClient } from "./client.js";
export { colourOf } from "./colour.js";
export type { Conflict, ConflictReason } from "./conflict/conflict.js";
export type { ConnectionState } from "./connection/connection-state.js";
export type { TokenSource } from "./connection/credentials.js";
export type { Fetch } from "./connection/polling/exchange.js";
export type { TransportKind } from "./connection/routes.js";
export type { WebSocketConstructor, WebSocketLike } from "./connection/websocket.js";
export type { RebaseEngine } from "./document/replica.js";
export type { EditingMode } from "./editing/permission.js";
export type { UploadProgress } from "./editing/uploads.js";
export { preload } from "./loading-afterwards.js";
export type { Offline } from "./offline/offline.js";
export type { CursorRange, Person, PersonPresent, PresenceHandle } from "./presence/people.js";
export type {
  ChangeEvent,
  ClientEnvironment,
  DocumentError,
  DocumentEvents,
  DocumentHandle,
  EditOptions,
  OfflineErrorCode,
  PlatformEvent,
  Status,
  Transport,
  TransportEvents,
} from "./types.js";
