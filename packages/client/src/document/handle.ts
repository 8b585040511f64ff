import { DEFAULT_OPERATION_LIMITS, invert, moveRun, type Operation, parseOperation, type Run } from "@tutti/ot";
import {
  type Cancel,
  type Clock,
  type Cursor,
  type ErrorData,
  type Opened,
  type Random,
  randomId,
  TuttiError,
} from "@tutti/protocol";
import type { Link } from "../connection/link.js";
import { Emitter } from "../emitter.js";
import type { OfflineDocuments } from "../offline/offline-documents.js";
import { OfflineSession } from "../offline/offline-session.js";
import type { OfflineStoreError } from "../offline/offline-store.js";
import { Presence } from "../presence.js";
import { statusOf } from "../status.js";
import type { ChangeEvent, DocumentEvents, DocumentHandle, EditOptions, PresenceHandle, Status } from "../types.js";
import { Undo } from "../undo.js";
import type { Host } from "./host.js";
import { Readiness } from "./readiness.js";
import { Replica } from "./replica.js";
import { markRun } from "./run-marking.js";
import { Synchroniser } from "./synchroniser.js";

/** What a handle needs of the client that it belongs to. */
export interface Outside {
  readonly link: Link;
  readonly clock: Clock;
  readonly random: Random;
  /** What is typed is kept on this device; left out: in memory only. */
  readonly offline?: OfflineDocuments | undefined;
  /** Another connection of the same person. */
  readonly connect: () => Link;
  /** From one operation to the next, in milliseconds; left out: as `Synchroniser` has it. */
  readonly interval?: number | undefined;
}

type Attributes = Readonly<Record<string, unknown>>;

/** One open document. Edits show at once (C1); `Synchroniser` brings them to the server. */
export class OpenDocument implements DocumentHandle {
  readonly id: string;
  readonly #closed: () => void;
  readonly #clock: Clock;
  readonly #link: Link;
  readonly #replica: Replica;
  readonly #presence: Presence;
  readonly #synchroniser: Synchroniser;
  readonly #readiness = new Readiness();
  readonly #session: OfflineSession | undefined;
  readonly #emitter = new Emitter<DocumentEvents>();
  readonly #undo = new Undo();
  #run: Run | undefined;
  #kind: "rich" | "plain" = "rich";
  #title = "";
  #status: Status = "Syncing…";

  /** @param closed told at `close`, before the last edits are saved */
  constructor(id: string, outside: Outside, closed: () => void) {
    this.id = id;
    this.#closed = closed;
    this.#clock = outside.clock;
    this.#link = outside.link;
    this.#replica = new Replica(randomId(outside.random));
    const move = (cursor: Cursor | null) => this.#link.send({ type: "move", document: id, cursor });
    this.#presence = new Presence(this.#replica, outside.clock, move, () => this.#link.rouse());
    const host = this.#host();
    this.#session = outside.offline && this.#offlineSession(outside, outside.offline);
    this.#synchroniser = new Synchroniser(id, this.#replica, { ...outside, gate: this.#session }, host);
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
    return this.#undo.canUndo;
  }

  get canRedo(): boolean {
    return this.#undo.canRedo;
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
    this.#checkEditable();
    const insertLength = this.#synchroniser.limits?.insertLength ?? DEFAULT_OPERATION_LIMITS.insertLength;
    const parsed = parseOperation(delta, { ...DEFAULT_OPERATION_LIMITS, insertLength });
    if (parsed.length === 0) return;
    const { operation, run } = markRun(parsed, this.#run);
    const before = this.#replica.visible;
    this.#replica.edit(operation);
    this.#run = run;
    this.#undo.record(operation, invert(operation, before), options.undo, this.#clock.now());
    this.#edited(operation, options.source);
  }

  saved(): Promise<void> {
    return this.#synchroniser.saved();
  }

  persisted(): Promise<void> {
    return this.#session?.drained() ?? Promise.resolve();
  }

  undo(): boolean {
    return this.#step("undo");
  }

  redo(): boolean {
    return this.#step("redo");
  }

  on<E extends keyof DocumentEvents>(event: E, listener: (value: DocumentEvents[E]) => void): Cancel {
    return this.#emitter.on(event, listener);
  }

  close(): void {
    this.#closed();
    this.#synchroniser.close();
  }

  #offlineSession({ clock, random, connect }: Outside, offline: OfflineDocuments): OfflineSession {
    return new OfflineSession({
      ...{ document: this.id, replica: this.#replica, offline, clock, random, connect },
      events: {
        changed: () => this.#synchroniser.edited(),
        failed: (error) => this.#storeFailed(error),
        stranded: ({ error }) => this.#emitter.emit("error", error),
      },
    });
  }

  /** First what is stored on this device, then the server. */
  async #restore(session: OfflineSession, host: Host): Promise<void> {
    const details = await session.open();
    if (this.#synchroniser.closed) {
      this.#leaveStore();
      return;
    }
    if (details !== undefined) {
      host.opened(details);
      this.#synchroniser.restored();
    }
    this.#link.attach(this.#synchroniser);
  }

  #leaveStore(): void {
    const code = this.#synchroniser.refusal?.code;
    this.#session?.close(code === "forbidden" || code === "not_found");
  }

  #storeFailed({ code, message }: OfflineStoreError): void {
    this.#emitter.emit("error", { code: `offline_storage_${code}`, message, retry: code !== "refused" });
  }

  #step(kind: "undo" | "redo"): boolean {
    this.#checkEditable();
    const operation = this.#undo.step(kind, (step) => invert(step, this.#replica.visible));
    if (operation === undefined) return false;
    this.#replica.edit(operation);
    // What comes back was not typed just now: for the run it is as foreign as other people's text.
    this.#run = moveRun(this.#run, operation);
    this.#edited(operation, undefined);
    return true;
  }

  #checkEditable(): void {
    if (this.#synchroniser.editable) return;
    throw new TuttiError("unexpected_message", `document ${this.id} is not ready, or was closed`);
  }

  #edited(operation: Operation, source: unknown): void {
    this.#presence.textChanged(operation, "local");
    this.#changed({ delta: operation, origin: "local", source });
    this.#synchroniser.edited();
  }

  #changed(event: ChangeEvent): void {
    this.#emitter.emit("change", event);
  }

  #host(): Host {
    return {
      opened: (message) => this.#opened(message),
      changed: (delta) => this.#changedByOthers(delta),
      committed: (commit) => this.#presence.committed(commit),
      presence: (entries, all) => this.#presence.received(entries, all),
      error: (error: ErrorData) => this.#emitter.emit("error", error),
      refused: (error: ErrorData) => this.#readiness.broken(TuttiError.fromData(error)),
      hoped: () => this.#readiness.renew(),
      settled: () => this.#settled(),
      closed: () => this.#leaveStore(),
    };
  }

  #opened(details: Pick<Opened, "kind" | "title" | "role">): void {
    this.#kind = details.kind;
    this.#title = details.title;
    if (this.#synchroniser.live) this.#session?.live(details);
    this.#readiness.kept();
  }

  #changedByOthers(delta: Operation): void {
    this.#run = moveRun(this.#run, delta);
    this.#undo.rebase(delta);
    this.#presence.textChanged(delta, "remote");
    this.#changed({ delta, origin: "remote", source: undefined });
  }

  #settled(): void {
    this.#presence.settled(this.#synchroniser.live);
    const { live, refusal, storageFails, closed } = this.#synchroniser;
    if (closed) return;
    const { level } = this.#link.service;
    const storeFails = this.#session?.stored === false;
    const backlog = this.unsaved;
    const status = statusOf({ connection: this.#link.reach, live, refusal, storageFails, level, backlog, storeFails });
    if (status === this.#status) return;
    this.#status = status;
    this.#emitter.emit("status", status);
  }
}

/** A negative or broken index makes a component that the parser refuses. */
const skip = (index: number): readonly unknown[] => (index === 0 ? [] : [{ retain: index }]);
