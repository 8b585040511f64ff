import type { Operation } from "@tutti/ot";
import {
  type Cancel,
  type Clock,
  type Device,
  type ErrorData,
  type Opened,
  type Random,
  type Role,
  randomId,
  TuttiError,
  type Visibility,
} from "@tutti/protocol";
import type { Alert, Attendance } from "../attendance/attendance.js";
import { Places } from "../attendance/places.js";
import type { Conflict } from "../conflict/conflict.js";
import type { Link } from "../connection/link.js";
import { Editor } from "../editing/editor.js";
import { type EditingMode, Permission, viewingOnly } from "../editing/permission.js";
import type { UploadProgress } from "../editing/uploads.js";
import { Emitter } from "../emitter.js";
import type { Offline } from "../offline/offline.js";
import type { OfflineSession } from "../offline/offline-session.js";
import type { Stranded } from "../offline/stranded.js";
import { DeferredPresence } from "../presence/deferred-presence.js";
import type { PresenceHandle } from "../presence/people.js";
import { statusOf } from "../status.js";
import type { DocumentEvents, DocumentHandle, EditOptions, Status } from "../types.js";
import type { Host } from "./host.js";
import { Readiness } from "./readiness.js";
import { type RebaseEngine, Replica } from "./replica.js";
import { Synchroniser } from "./synchroniser.js";
import type { Introduction } from "./synchroniser-options.js";

/** What a handle needs of the client that it belongs to. */
export interface Outside {
  readonly link: Link;
  readonly clock: Clock;
  readonly random: Random;
  readonly conflictAbove: number;
  /** undefined: the usual one. */
  readonly engine: RebaseEngine | undefined;
  /** Opens another document. */
  open(id: string): DocumentHandle;
  /** What is typed is kept on this device; left out: in memory only. */
  readonly offline?: ReturnType<Offline["attach"]> | undefined;
  /** Another connection of the same person. */
  readonly connect: () => Link;
  /** What the person works with; undefined: nobody knows. */
  readonly device?: Device | undefined;
  /** How others see the person while they view (P5); left out: by name. */
  readonly visibility?: Visibility | (() => Visibility) | undefined;
  /** From one operation to the next, in milliseconds; left out: as `Synchroniser` has it. */
  readonly interval?: number | undefined;
}

type Attributes = Readonly<Record<string, unknown>>;

/** One open document. Edits show at once (C1); `Synchroniser` brings them to the server. */
export class OpenDocument implements DocumentHandle {
  readonly id: string;
  readonly #closed: () => void;
  readonly #outside: Outside;
  readonly #replica: Replica;
  readonly #presence: DeferredPresence;
  readonly #places: Places;
  readonly #synchroniser: Synchroniser;
  readonly #readiness = new Readiness();
  readonly #session: OfflineSession | undefined;
  readonly #emitter = new Emitter<DocumentEvents>();
  readonly #editor: Editor;
  readonly #permission = new Permission();
  #kind: "rich" | "plain" = "rich";
  #title = "";
  #status: Status = "Syncing…";
  #viewing = false;
  /** My place goes to somebody else as soon as all is saved. */
  #leaving = false;

  /** @param closed told at `close`, before the last edits are saved */
  constructor(id: string, outside: Outside, closed: () => void) {
    this.id = id;
    this.#closed = closed;
    this.#outside = outside;
    this.#replica = new Replica(randomId(outside.random), outside.engine);
    this.#presence = this.#presenceIn(outside);
    this.#places = new Places(id, {
      attendance: (attendance) => this.#emitter.emit("attendance", attendance),
      alert: (alert) => this.#emitter.emit("alert", alert),
      send: (message) => outside.link.send(message),
    });
    this.#editor = new Editor(this.#replica, outside.clock, {
      check: () => this.#checkEditable(),
      limits: () => this.#synchroniser.limits,
      changed: (event) => {
        this.#presence.textChanged(event.delta, "local");
        this.#emitter.emit("change", event);
        this.#synchroniser.edited();
      },
      upload: (progress) => this.#emitter.emit("upload", progress),
    });
    const host = this.#host();
    this.#session = this.#offlineSession(outside);
    const introduction = (): Introduction => ({ device: outside.device, ...this.#presence.seenAs() });
    const options = { ...outside, gate: this.#session, introduction };
    this.#synchroniser = new Synchroniser(id, this.#replica, options, host);
    if (this.#session === undefined) outside.link.attach(this.#synchroniser);
    else void this.#restore(this.#session, host);
  }

  get ready(): Promise<void> {
    return this.#readiness.promise;
  }

  get kind(): "rich" | "plain" {
    return this.#kind;
  }

  get title(): string {
    return this.#title;
  }

  get version(): number {
    return this.#replica.version;
  }

  get status(): Status {
    return this.#status;
  }

  get stored(): boolean {
    return this.#session?.stored ?? false;
  }

  get unsaved(): number {
    return this.#replica.edits - this.#replica.savedEdits;
  }

  get length(): number {
    return this.#replica.visible.length;
  }

  get checksum(): number {
    return this.#replica.visible.checksum;
  }

  get presence(): PresenceHandle {
    return this.#presence;
  }

  get canUndo(): boolean {
    return this.#editor.canUndo;
  }

  get canRedo(): boolean {
    return this.#editor.canRedo;
  }

  get role(): Role {
    return this.#permission.role;
  }

  get mode(): EditingMode {
    return this.#permission.mode;
  }

  set mode(mode: EditingMode) {
    if (this.#permission.wish === mode) return;
    this.#permission.wish = mode;
    this.#presence.settled(this.#synchroniser.live);
    // The words stay, but who shows them may have to let the person type, or not.
    this.#emitter.emit("status", this.#status);
  }

  get writable(): boolean {
    return this.#obstacle() === undefined;
  }

  get conflict(): Conflict | undefined {
    return this.#synchroniser.conflict;
  }

  get upload(): UploadProgress | undefined {
    return this.#editor.upload;
  }

  get attendance(): Attendance | undefined {
    return this.#places.attendance;
  }

  get alerts(): readonly Alert[] {
    return this.#places.alerts;
  }

  text(): string {
    return this.#replica.visible.text();
  }

  content(): Operation {
    return this.#replica.visible.toDelta();
  }

  insert(index: number, text: string | Attributes, attributes?: Attributes): void {
    if (text === "") return;
    this.edit([...skip(index), attributes === undefined ? { insert: text } : { insert: text, attributes }]);
  }

  delete(index: number, length: number): void {
    if (length === 0) return;
    this.edit([...skip(index), { delete: length }]);
  }

  format(index: number, length: number, attributes: Attributes): void {
    if (length === 0) return;
    this.edit([...skip(index), { retain: length, attributes }]);
  }

  edit(delta: unknown, options: EditOptions = {}): void {
    this.#editor.edit(delta, options);
  }

  cancelUpload(): boolean {
    return this.#editor.cancelUpload();
  }

  saved(): Promise<void> {
    return this.#synchroniser.saved();
  }

  persisted(): Promise<void> {
    return this.#session?.drained() ?? Promise.resolve();
  }

  undo(): boolean {
    return this.#editor.step("undo");
  }

  redo(): boolean {
    return this.#editor.step("redo");
  }

  askToEdit(): void {
    this.#leaving = false;
    this.#outside.link.rouse();
    this.#places.ask(this.#synchroniser.live);
  }

  stopEditing(): void {
    this.#leaving = true;
    const stop = (): void => {
      if (this.#leaving) this.#places.stop(this.#synchroniser.live);
    };
    // From a place to view, nothing of it would be taken.
    if (this.#synchroniser.viewing) stop();
    else void this.saved().then(stop, stop);
  }

  decide(user: string, edit: boolean): void {
    if (this.#synchroniser.live) this.#places.decide(user, edit);
  }

  moderate(on: boolean): void {
    if (this.#synchroniser.live) this.#places.moderate(on);
  }

  on<E extends keyof DocumentEvents>(event: E, listener: (value: DocumentEvents[E]) => void): Cancel {
    return this.#emitter.on(event, listener);
  }

  close(): void {
    this.#closed();
    this.#synchroniser.close();
  }

  #presenceIn({ clock, link, visibility: wish = "named" }: Outside): DeferredPresence {
    const visibility = typeof wish === "function" ? wish() : wish;
    return new DeferredPresence({
      ...{ replica: this.#replica, clock, visibility },
      activity: () => (this.#permission.wish === "editing" ? "editing" : "viewing"),
      send: (cursor, activity) => {
        const viewing = activity === "viewing" && { activity };
        link.send({ type: "move", document: this.id, cursor, ...viewing, ...this.#presence.seenAs() });
      },
      rouse: () => link.rouse(),
      loaded: () => this.#settled(),
    });
  }

  #offlineSession({ offline, ...outside }: Outside): OfflineSession | undefined {
    const { clock, random, connect, conflictAbove } = outside;
    return offline?.({
      ...{ document: this.id, replica: this.#replica, clock, random, connect, conflictAbove },
      events: {
        changed: () => this.#synchroniser.edited(),
        error: (error) => this.#emitter.emit("error", error),
        stranded: (stranded) => this.#strand(stranded),
      },
    });
  }

  /** First what is stored on this device, then the server. */
  async #restore(session: OfflineSession, host: Host): Promise<void> {
    const details = await session.open();
    if (this.#synchroniser.closed) {
      session.close(undefined);
      return;
    }
    if (details !== undefined) {
      host.opened(details);
      this.#synchroniser.restored();
    }
    this.#outside.link.attach(this.#synchroniser);
  }

  #strand({ error, groundIn }: Stranded): void {
    this.#emitter.emit("error", error);
    const ground = groundIn(this.#replica, {
      edit: (operation) => this.edit(operation, { undo: "separate" }),
      persisted: () => this.persisted(),
      open: (id) => this.#outside.open(id),
    });
    this.#synchroniser.strand(ground);
  }

  #checkEditable(): void {
    const obstacle = this.#obstacle();
    if (obstacle !== undefined) throw TuttiError.fromData(obstacle);
  }

  /** Why no edit is taken now; undefined: it is. What is pending in a conflict can still be edited: nothing of it is sent. */
  #obstacle(): ErrorData | undefined {
    const { editable, refusal, inConflict, viewing } = this.#synchroniser;
    if (!editable) return notReady(this.id);
    if (inConflict) return undefined;
    return refusal ?? this.#permission.obstacle ?? (viewing ? viewingOnly() : undefined);
  }

  #host(): Host {
    return {
      opened: (details) => this.#opened(details),
      changed: (delta) => this.#changedByOthers(delta),
      committed: (commit) => this.#presence.committed(commit),
      presence: (told) => this.#presence.received(told),
      attendance: (told) => this.#places.heard(told),
      alert: (told) => this.#places.alerted(told),
      conflict: (conflict) => this.#emitter.emit("conflict", conflict),
      open: (id) => this.#outside.open(id),
      error: (error: ErrorData) => this.#emitter.emit("error", error),
      refused: (error: ErrorData) => this.#readiness.broken(TuttiError.fromData(error)),
      hoped: () => this.#readiness.renew(),
      settled: () => this.#settled(),
      closed: (refusal) => this.#session?.close(refusal),
    };
  }

  #opened(details: Pick<Opened, "kind" | "title" | "role">): void {
    this.#kind = details.kind;
    this.#title = details.title;
    this.#permission.role = details.role ?? "editor";
    if (this.#synchroniser.live) this.#session?.live(details);
    this.#readiness.kept();
  }

  #changedByOthers(delta: Operation): void {
    this.#editor.changedByOthers(delta);
    this.#presence.textChanged(delta, "remote");
    this.#emitter.emit("change", { delta, origin: "remote", source: undefined });
  }

  #settled(): void {
    const { live } = this.#synchroniser;
    this.#presence.settled(live);
    this.#places.settled(live);
    this.#editor.settled();
    if (this.#synchroniser.closed) return;
    const status = this.#statusNow();
    const { viewing } = this.#synchroniser;
    if (status === this.#status && viewing === this.#viewing) return;
    this.#status = status;
    this.#viewing = viewing;
    this.#emitter.emit("status", status);
  }

  #statusNow(): Status {
    const { live, refusal, storageFails, conflict, viewing } = this.#synchroniser;
    const { reach: connection, service } = this.#outside.link;
    return statusOf({
      ...{ connection, live, refusal, storageFails, viewing },
      conflict: conflict !== undefined,
      mayEdit: this.#permission.mayEdit,
      level: service.level,
      backlog: this.unsaved,
      presence: this.#presence.available,
      storeFails: this.#session?.stored === false,
    });
  }
}

const notReady = (id: string): ErrorData =>
  new TuttiError("unexpected_message", `document ${id} is not ready, or was closed`).toData();

/** A negative or broken index makes a component that the parser refuses. */
const skip = (index: number): readonly unknown[] => (index === 0 ? [] : [{ retain: index }]);
