import {
  DEFAULT_OPERATION_LIMITS,
  type Document,
  invert,
  lengthDifference,
  moveRun,
  type Operation,
  parseOperation,
  type Run,
  type Selection,
} from "@tutti/ot";
import { type Clock, DEFAULT_LIMITS, TuttiError, type Welcome } from "@tutti/protocol";
import type { Replica } from "../document/replica.js";
import type { ChangeEvent, EditOptions } from "../types.js";
import { markRun } from "./run-marking.js";
import { Undo } from "./undo.js";
import { type UploadProgress, Uploads } from "./uploads.js";

/** What an editor asks and tells. */
export interface EditorHost {
  /** @throws TuttiError where no edit is taken now */
  check(): void;
  /** What the server takes; undefined: not known yet. */
  limits(): Welcome["limits"] | undefined;
  /** The person changed the text. */
  changed(event: ChangeEvent): void;
  /** The upload began, got on, or is over (undefined). */
  upload(progress: UploadProgress | undefined): void;
}

/** All that a person does to the text: each edit is in the replica at once (C1), and can be undone (C7). */
export class Editor {
  readonly #replica: Replica;
  readonly #clock: Clock;
  readonly #host: EditorHost;
  readonly #undo = new Undo();
  readonly #uploads: Uploads;
  #run: Run | undefined;

  constructor(replica: Replica, clock: Clock, host: EditorHost) {
    this.#replica = replica;
    this.#clock = clock;
    this.#host = host;
    this.#uploads = new Uploads(replica, (progress) => host.upload(progress));
  }

  get canUndo(): boolean {
    return this.#undo.canUndo;
  }

  get canRedo(): boolean {
    return this.#undo.canRedo;
  }

  /** What is too large for one message, while it is on its way. */
  get upload(): UploadProgress | undefined {
    return this.#uploads.progress;
  }

  /** @throws OperationError, TuttiError `document_too_large`; nothing is changed then */
  edit(delta: unknown, options: EditOptions): void {
    this.#host.check();
    const insertLength = this.#limits.documentLength;
    // What is too large for one message is cut before it travels.
    const limits = { ...DEFAULT_OPERATION_LIMITS, insertLength, components: Number.POSITIVE_INFINITY };
    this.#make(parseOperation(delta, limits), options);
  }

  /** @returns false: there is nothing to undo (or redo) */
  step(kind: "undo" | "redo"): boolean {
    this.#host.check();
    const before = this.#replica.visible;
    const step = this.#undo.step(kind, (operation) => invert(operation, before));
    if (step === undefined) return false;
    const { operation, selection } = step;
    this.#replica.edit(operation);
    // What comes back was not typed just now: for the run it is as foreign as other people's text.
    this.#run = moveRun(this.#run, operation);
    this.#made(operation, before, { delta: operation, origin: "local", source: undefined, selection });
    return true;
  }

  /**
   * Takes back all of the upload, what was sent of it too (C9): undoes it where it was the last edit, otherwise as an
   * edit of its own.
   * @returns false: there is none
   */
  cancelUpload(): boolean {
    if (this.#uploads.progress === undefined) return false;
    this.#host.check();
    const cancelled = this.#uploads.cancel();
    if (cancelled === undefined) return false;
    if (cancelled.last && this.canUndo) return this.step("undo");
    this.#make(cancelled.inverse, { undo: "separate" });
    return true;
  }

  /** What the person sees changed by somebody else's doing. */
  changedByOthers(delta: Operation): void {
    this.#run = moveRun(this.#run, delta);
    this.#undo.rebase(delta);
    this.#uploads.moved(delta);
  }

  /** To be called after every event. */
  settled(): void {
    this.#uploads.settled();
  }

  get #limits(): Welcome["limits"] {
    return this.#host.limits() ?? DEFAULT_LIMITS;
  }

  #make(parsed: Operation, options: EditOptions): void {
    if (parsed.length === 0) return;
    const before = this.#replica.visible;
    this.#checkLength(before, parsed);
    const { operation, run } = markRun(parsed, this.#run);
    this.#replica.edit(operation);
    this.#run = run;
    const selection = options.selection && within(before, options.selection);
    this.#undo.record(operation, invert(operation, before), { ...options, selection }, this.#clock.now());
    this.#made(operation, before, { delta: operation, origin: "local", source: options.source });
  }

  #checkLength(before: Document, operation: Operation): void {
    const more = lengthDifference(operation);
    const { documentLength } = this.#limits;
    if (more <= 0 || before.length + more <= documentLength) return;
    throw new TuttiError("document_too_large", `a document holds at most ${documentLength} units`);
  }

  #made(operation: Operation, before: Document, event: ChangeEvent): void {
    this.#uploads.edited(operation, () => invert(operation, before), this.#limits.insertLength);
    this.#host.changed(event);
  }
}

/** A selection that reaches behind the end ends there. */
const within = ({ length }: Document, { anchor, head }: Selection): Selection => ({
  anchor: Math.max(0, Math.min(anchor, length)),
  head: Math.max(0, Math.min(head, length)),
});
