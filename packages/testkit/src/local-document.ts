import type {
  ChangeEvent,
  Conflict,
  DocumentEvents,
  DocumentHandle,
  EditingMode,
  EditOptions,
  Person,
  PresenceHandle,
  Status,
  UploadProgress,
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
  /** What `setCursor` was called with, in order. */
  readonly told: ({ readonly anchor: number; readonly head: number } | null)[] = [];
  readonly #listeners = new Set<(others: readonly Person[]) => void>();

  setCursor(cursor: { readonly anchor: number; readonly head: number } | null): void {
    this.told.push(cursor);
  }

  on(_event: "change", listener: (others: readonly Person[]) => void): Cancel {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The others are here now. */
  show(others: readonly Person[]): void {
    this.others = others;
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
    return this.refusal === undefined;
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
