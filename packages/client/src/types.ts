import type { Operation, Selection } from "@tutti/ot";
import type { Cancel, Clock, Connection, ConnectionEvents, ErrorCode, ErrorData, Random, Role } from "@tutti/protocol";
import type { Alert, Attendance } from "./attendance/attendance.js";
import type { Conflict } from "./conflict/conflict.js";
import type { RebaseEngine } from "./document/replica.js";
import type { EditingMode } from "./editing/permission.js";
import type { UploadProgress } from "./editing/uploads.js";
import type { OfflineStoreErrorCode } from "./offline/offline-store.js";
import type { PresenceHandle } from "./presence/people.js";

/** How the document stands, in the words a person reads (C8). */
export type Status =
  | "Saved"
  | "Saving…"
  | "Syncing…"
  | "Presence unavailable"
  | "Read-only mode"
  | "Working offline"
  | "Conflict"
  | "Changes may not be saved";

/** The document changed by `delta`. */
export interface ChangeEvent {
  readonly delta: Operation;
  /** "local": by this client (typed, undone, called); "remote": by somebody else. */
  readonly origin: "local" | "remote";
  /** What the caller passed to `edit` as `source`: an editor binding recognises its own edits by it. */
  readonly source: unknown;
  /** By undo and redo: what is to be selected now, in the text after the change (C7). */
  readonly selection?: Selection;
}

export interface EditOptions {
  readonly source?: unknown;
  /** What was selected before the edit: undo brings it back, moved over what others did meanwhile (C7). */
  readonly selection?: Selection | undefined;
  /** "merge": one undo step with the edit before; "separate": a step of its own; left out: by time and place. */
  readonly undo?: "merge" | "separate";
}

/** What goes wrong on the device and never crosses the wire: what is typed is kept in memory only (C3). */
export type OfflineErrorCode = `offline_storage_${OfflineStoreErrorCode}`;

/** An error of the server, the connection, or the storage of the device. */
export interface DocumentError extends Omit<ErrorData, "code"> {
  readonly code: ErrorCode | OfflineErrorCode;
}

export interface DocumentEvents {
  change: ChangeEvent;
  /** It changed, or `writable` did, because `mode` was set or the place is another one. */
  status: Status;
  /** Something went wrong that a person should know; the text they typed is still in `text()`. */
  error: DocumentError;
  /** There is a conflict, or another one; undefined: it is over (C12). */
  conflict: Conflict | undefined;
  /** A large paste began, got on, or is all there or taken back (undefined) (C9). */
  upload: UploadProgress | undefined;
  /** Somebody came or left, or may edit or not any more (S11). */
  attendance: Attendance;
  /** Something happened that somebody should look at, or it was `settled`; once more after a lost connection (L4). */
  alert: Alert;
}

/** One open document: edits show at once, synchronise by themselves, survive bad networks. */
export interface DocumentHandle {
  readonly id: string;
  /**
   * Resolves when the content is there; rejects with TuttiError when the document cannot be opened. With `unauthenticated`
   * that is so only until `TuttiClient.setToken`, which puts a new promise here.
   */
  readonly ready: Promise<void>;
  readonly kind: "rich" | "plain";
  readonly title: string;
  /** The newest server version that is part of the text. */
  readonly version: number;
  readonly status: Status;
  /** True: what is typed here survives a reload or a crash (C3). False: it is kept in memory only. */
  readonly stored: boolean;
  /** Edits made here that are not durable on the server yet. */
  readonly unsaved: number;
  /** In UTF-16 units. */
  readonly length: number;
  readonly checksum: number;
  readonly presence: PresenceHandle;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** What this person may do here (A2); "editor" before the server has said so. */
  readonly role: Role;
  /** What the person does with the text: what was set, as far as the role allows it. */
  mode: EditingMode;
  /** An edit is taken now: the document is here and was not taken away; role, place and mode allow it. */
  readonly writable: boolean;
  /** Who may edit now, and how many are here (S11); undefined: the server has not said so yet, or never does. */
  readonly attendance: Attendance | undefined;
  /** What happened here that nobody has looked at yet, oldest first; nothing for those who may not edit (L4). */
  readonly alerts: readonly Alert[];
  /** Text that can't just be saved, and the choice (C12). */
  readonly conflict: Conflict | undefined;
  /** A paste that is too large for one message, while it is on its way (C9). */
  readonly upload: UploadProgress | undefined;

  /** The plain text; an embed shows as U+FFFC, so that positions agree. */
  text(): string;
  /** The content as a Delta of inserts. */
  content(): Operation;
  insert(
    index: number,
    text: string | Readonly<Record<string, unknown>>,
    attributes?: Readonly<Record<string, unknown>>,
  ): void;
  delete(index: number, length: number): void;
  format(index: number, length: number, attributes: Readonly<Record<string, unknown>>): void;
  /**
   * Any edit as a Delta on the current text, up to the size limit of the document.
   * @throws OperationError when it does not fit; TuttiError `forbidden`, `document_too_large`; nothing is changed then
   */
  edit(delta: unknown, options?: EditOptions): void;
  /** Takes back all of the upload, what was sent of it too. @returns false: there is none (C9) */
  cancelUpload(): boolean;
  /**
   * Resolves when everything up to now is durable on the server; rejects when it never will be. Without network, while
   * the person has to sign in again, and while what is pending waits for a place to edit (S11), it waits.
   */
  saved(): Promise<void>;
  /** Resolves when everything up to now is durable on this device, or can't be: see `stored`. */
  persisted(): Promise<void>;
  /** False when there is nothing to undo. Only my own edits, moved over everybody else's (C7). */
  undo(): boolean;
  redo(): boolean;
  /**
   * Asks for a place among those who edit; who has one asks in vain. The wish outlasts a lost connection. The answer is
   * `attendance`; sooner than `refused` allows, an error `rate_limited`; of those who may not edit at all, `forbidden` (S11).
   */
  askToEdit(): void;
  /** Takes the wish back; or gives the place up, once everything up to now is saved, unless they ask again before. */
  stopEditing(): void;
  /**
   * Grants or refuses somebody a place, or as the owner of a moderated document takes it. Needs a connection. The answer
   * is `attendance`, or an error `forbidden`.
   */
  decide(user: string, edit: boolean): void;
  /** As the owner: from now on I alone say who edits; or not any more. Likewise. */
  moderate(on: boolean): void;
  on<E extends keyof DocumentEvents>(event: E, listener: (value: DocumentEvents[E]) => void): Cancel;
  /** Leaves the document. What is not saved yet is still sent first, if the network allows. */
  close(): void;
}

/**
 * Makes connections; the WebSocket one is the default, the simulator brings its own. No event comes before `connect`
 * has returned; a connection that cannot be made is told by `closed`.
 */
export interface Transport {
  connect(events: TransportEvents): Connection;
}
export interface TransportEvents extends ConnectionEvents {
  opened(subprotocol: string): void;
  /** @param error why, where the transport knows more than the code says: how long the server wants to be left alone, say */
  closed(code: number, reason: string, error?: ErrorData): void;
}

/** "offline", "online": what the platform thinks of its network; "returned": the person is back at the page. */
export type PlatformEvent = "offline" | "online" | "returned";

/** The outside world of a client (determinism: see ARCHITECTURE.md). */
export interface ClientEnvironment {
  readonly clock: Clock;
  readonly random: Random;
  readonly transport: Transport;
  /** Another way to the server, for where the first one is blocked (C13); left out: there is none. */
  readonly fallback?: Transport;
  /**
   * Tells `listener` what the platform says of its network and of the person; without an event, it is "online". Left out:
   * browsers do, Node doesn't.
   */
  readonly online?: (listener: (event?: PlatformEvent) => void) => Cancel;
  /** How pending edits are moved over those of others: a test may bring a wrong one (C6). */
  readonly engine?: RebaseEngine;
}
