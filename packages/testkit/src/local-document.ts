import type {
  Alert,
  Attendance,
  ChangeEvent,
  Conflict,
  CursorRange,
  DocumentEvents,
  DocumentHandle,
  EditingMode,
  EditOptions,
  Person,
  PersonPresent,
  PresenceHandle,
  Status,
  UploadProgress,
  Visibility,
} from "@tutti/client";
import {
  type Attributes,
  Document,
  EMPTY_UNDO_HISTORY,
  type Embed,
  invert,
  type Operation,
  parseOperation,
  placeOfChange,
  putStep,
  rebaseHistory,
  recordEdit,
  takeStep,
  type UndoHistory,
} from "@tutti/ot";
import type { Cancel, Role } from "@tutti/protocol";

type Listeners = { [E in keyof DocumentEvents]: Set<(value: DocumentEvents[E]) => void> };

/** Other people in a `LocalDocument`, as the test says. */
export class LocalPresence implements PresenceHandle {
  others: readonly Person[] = [];
  /** One for each tab: a test that wants more puts them here. */
  people: readonly PersonPresent[] = [];
  available = true;
  colour: string | undefined;
  visibility: Visibility = "named";
  /** What `setCursor` was called with, in order. */
  readonly told: (CursorRange | null)[] = [];
  readonly #listeners = new Set<(others: readonly Person[]) => void>();

  setCursor(cursor: CursorRange | null): void {
    this.told.push(cursor);
  }

  on(_event: "change", listener: (others: readonly Person[]) => void): Cancel {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The others are here now. */
  show(others: readonly Person[]): void {
    this.others = others;
    this.people = others.map((tab) => ({ ...tab, tabs: [tab] }));
    for (const listener of this.#listeners) listener(others);
  }
}

/**
 * A document without client, network or server, for tests of editor bindings: as strict as the real one about what an
 * edit may be, with remote changes whenever the test wants them. Each edit is an undo step of its own.
 */
export class LocalDocument implements DocumentHandle {
  readonly id = "local";
  readonly ready: Promise<void> = Promise.resolve();
  readonly kind = "rich";
  readonly title = "Local";
  readonly stored = false;
  readonly unsaved = 0;
  readonly presence = new LocalPresence();
  /** Every edit that was accepted, with its options. */
  readonly edits: { readonly delta: Operation; readonly options: EditOptions }[] = [];
  /** While set, every edit is refused with it. */
  refusal: Error | undefined;
  /** While set, the app is shown that conflict. */
  conflict: Conflict | undefined;
  upload: UploadProgress | undefined;
  role: Role = "editor";
  mode: EditingMode = "editing";
  attendance: Attendance | undefined;
  alerts: readonly Alert[] = [];
  /** What was asked of the server, in order: "edit", "view", "grant ann", "refuse ann", "moderate", "open". */
  readonly asked: string[] = [];
  version = 0;
  #content: Document;
  #status: Status = "Saved";
  #history: UndoHistory = EMPTY_UNDO_HISTORY;
  readonly #listeners: Listeners = {
    change: new Set(),
    status: new Set(),
    error: new Set(),
    conflict: new Set(),
    upload: new Set(),
    attendance: new Set(),
    alert: new Set(),
  };

  constructor(content: Document = Document.empty) {
    this.#content = content;
  }

  get status(): Status {
    return this.#status;
  }

  set status(status: Status) {
    this.#status = status;
    for (const listener of this.#listeners.status) listener(status);
  }

  get writable(): boolean {
    return this.refusal === undefined && (this.attendance?.place ?? "editing") === "editing";
  }

  get length(): number {
    return this.#content.length;
  }

  get checksum(): number {
    return this.#content.checksum;
  }

  get canUndo(): boolean {
    return this.#history.undo.length > 0;
  }

  get canRedo(): boolean {
    return this.#history.redo.length > 0;
  }

  /** The server tells how many are here, and who may edit. */
  attended(attendance: Attendance): void {
    this.attendance = attendance;
    for (const listener of this.#listeners.attendance) listener(attendance);
  }

  /** Something happened that somebody should look at; or was settled. */
  alerted(alert: Alert): void {
    const others = this.alerts.filter(({ version }) => version !== alert.version);
    this.alerts = alert.settled ? others : [...others, alert];
    for (const listener of this.#listeners.alert) listener(alert);
  }

  text(): string {
    return this.#content.text();
  }

  content(): Operation {
    return this.#content.toDelta();
  }

  insert(index: number, text: string | Readonly<Record<string, unknown>>, attributes?: object): void {
    this.edit([...skip(index), { insert: text as string | Embed, ...(attributes && { attributes }) }]);
  }

  delete(index: number, length: number): void {
    this.edit([...skip(index), { delete: length }]);
  }

  format(index: number, length: number, attributes: Readonly<Record<string, unknown>>): void {
    this.edit([...skip(index), { retain: length, attributes: attributes as Attributes }]);
  }

  edit(delta: unknown, options: EditOptions = {}): void {
    if (this.refusal !== undefined) throw this.refusal;
    const operation = parseOperation(delta);
    const inverse = invert(operation, this.#content);
    this.#apply(operation);
    this.#history = recordEdit(this.#history, inverse, options.undo === "merge", undefined, options.selection);
    this.edits.push({ delta: operation, options });
    this.#tell({ delta: operation, origin: "local", source: options.source });
  }

  /** Somebody else's change, made on the current content. */
  remote(delta: Operation): void {
    this.#apply(delta);
    this.#history = rebaseHistory(this.#history, delta);
    this.version += 1;
    this.#tell({ delta, origin: "remote", source: undefined });
  }

  cancelUpload(): boolean {
    return this.upload !== undefined && this.undo();
  }

  saved(): Promise<void> {
    return Promise.resolve();
  }

  persisted(): Promise<void> {
    return Promise.resolve();
  }

  undo(): boolean {
    return this.#step("undo", "redo");
  }

  redo(): boolean {
    return this.#step("redo", "undo");
  }

  askToEdit(): void {
    this.asked.push("edit");
  }

  stopEditing(): void {
    this.asked.push("view");
  }

  decide(user: string, edit: boolean): void {
    this.asked.push(`${edit ? "grant" : "refuse"} ${user}`);
  }

  moderate(on: boolean): void {
    this.asked.push(on ? "moderate" : "open");
  }

  on<E extends keyof DocumentEvents>(event: E, listener: (value: DocumentEvents[E]) => void): Cancel {
    this.#listeners[event].add(listener);
    return () => void this.#listeners[event].delete(listener);
  }

  close(): void {
    for (const listeners of Object.values(this.#listeners)) listeners.clear();
  }

  #step(from: "undo" | "redo", to: "undo" | "redo"): boolean {
    const step = takeStep(this.#history, from);
    if (step === undefined) return false;
    const inverse = invert(step.operation, this.#content);
    this.#apply(step.operation);
    this.#history = putStep(step.rest, to, inverse, step.selection);
    const place = placeOfChange(step.operation) ?? 0;
    const selection = (from === "undo" ? step.selection : undefined) ?? { anchor: place, head: place };
    this.#tell({ delta: step.operation, origin: "local", source: undefined, selection });
    return true;
  }

  #apply(operation: Operation): void {
    this.#content = this.#content.apply(operation);
  }

  #tell(event: ChangeEvent): void {
    for (const listener of this.#listeners.change) listener(event);
  }
}

const skip = (index: number): Operation => (index === 0 ? [] : [{ retain: index }]);
