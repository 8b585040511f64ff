import { changedSpan, editUnderHold, isWritable, type Span, selectionAfter } from "@tutti/binding";
import type { ChangeEvent, DocumentHandle } from "@tutti/client";
import {
  compose,
  Document,
  diff,
  equalOperations,
  lengthDifference,
  normalise,
  type Operation,
  OperationError,
  type Selection as OwnSelection,
  transformPosition,
} from "@tutti/ot";
import type Quill from "quill";
import { linesOf, wholeLines } from "./final-line.js";
import { editFromChange, editFromContents, opsFromOperation } from "./from-editor.js";
import type { Shown } from "./shown.js";
import { changeOfEditor } from "./to-editor.js";

/** What the binding needs of a Quill. */
export type EditorPort = Pick<
  Quill,
  | "on"
  | "off"
  | "getContents"
  | "setContents"
  | "updateContents"
  | "getLength"
  | "getSelection"
  | "setSelection"
  | "enable"
  | "update"
  | "hasFocus"
> & {
  readonly composition: { readonly isComposing: boolean };
  /** `savedRange` is what is selected again when Quill gets the focus. */
  readonly selection: { readonly savedRange: { index: number; length: number } };
};

/** A Delta as Quill has it. */
interface Change {
  readonly ops: readonly unknown[];
}

/** Tells that something did not become part of the document; `refused` is the edit, or empty where it is no edit. */
export type ReportError = (error: unknown, refused: Operation) => void;

/** What is wrong with an edit that tears a surrogate pair apart. */
const TORN = ["surrogate_split", "lone_surrogate"];

/**
 * One Quill on one document.
 *
 * Invariant, outside of calls: Quill shows `#shadow`, as far as Quill can show it; `#shadow` with `#held` applied is
 * the document. `#held` is shown in a microtask, or when the composition of an input method has ended. Whenever the
 * invariant does not hold (an edit was refused), Quill is brought back to the document.
 */
export class Binding {
  readonly #quill: EditorPort;
  readonly #doc: DocumentHandle;
  readonly #shown: Shown;
  readonly #report: ReportError;
  readonly #moved: (delta: Operation, by: "me" | "others") => void;
  readonly #cancel: readonly (() => void)[];
  #shadow = Document.empty;
  #held: Operation = [];
  /** Lines of the shadow that Quill may show otherwise than it should, because the person changed them. */
  #doubtful: Span | undefined;
  #selection: OwnSelection | undefined;
  #writable: boolean | undefined;
  #showing = false;
  #scheduled = false;
  #broken = false;
  #destroyed = false;

  /** @param moved told how the text that Quill shows has changed, and by whom */
  constructor(
    quill: EditorPort,
    doc: DocumentHandle,
    shown: Shown,
    report: ReportError,
    moved: (delta: Operation, by: "me" | "others") => void,
  ) {
    this.#quill = quill;
    this.#doc = doc;
    this.#shown = shown;
    this.#report = report;
    this.#moved = moved;
    const changed = (delta: Change, _old: Change, source: string) => this.#edited(delta, source);
    quill.on("editor-change", this.#noteSelection);
    quill.on("text-change", changed);
    quill.on("composition-end", this.#settleSoon);
    this.#cancel = [
      () => quill.off("editor-change", this.#noteSelection),
      () => quill.off("text-change", changed),
      () => quill.off("composition-end", this.#settleSoon),
      doc.on("change", (event) => this.#receive(event)),
      doc.on("status", () => queueMicrotask(() => this.#refreshWritable())),
    ];
    this.#repair();
    doc.ready.then(
      () => this.#opened(),
      (error: unknown) => this.#report(error, []),
    );
  }

  /** What Quill does not show yet. */
  get held(): Operation {
    return this.#held;
  }

  /** Length of the text that Quill shows, without its final "\n". */
  get length(): number {
    return this.#shadow.length;
  }

  /** Undoes or redoes, and selects what was selected then. Does nothing while an input method composes. */
  step(direction: "undo" | "redo"): void {
    if (this.#destroyed || this.#writable === false || this.#quill.composition.isComposing) return;
    this.#settle();
    let event: ChangeEvent | undefined;
    const cancel = this.#doc.on("change", (change) => {
      event ??= change;
    });
    try {
      if (direction === "undo") this.#doc.undo();
      else this.#doc.redo();
    } catch (error) {
      this.#report(error, []);
    } finally {
      cancel();
    }
    this.#settle();
    if (event !== undefined) this.#select(selectionAfter(event));
  }

  destroy(): void {
    this.#destroyed = true;
    for (const cancel of this.#cancel) cancel();
  }

  #opened(): void {
    if (!this.#inStep()) this.#repairSoon();
    this.#refreshWritable();
  }

  #edited(change: Change, source: string): void {
    if (this.#showing || this.#destroyed) return;
    let edit: Operation = [];
    try {
      if (this.#broken) throw new Error("the edit was made on content that the document does not have");
      edit = this.#editOf(change);
      this.#send(edit, source);
    } catch (error) {
      this.#repairSoon();
      this.#report(error, edit);
    }
  }

  #editOf({ ops }: Change): Operation {
    try {
      return editFromChange(this.#shadow, ops);
    } catch (error) {
      if (!(error instanceof OperationError) || !TORN.includes(error.code)) throw error;
      const old = this.#shown.of(linesOf(this.#shadow, 0, this.#shadow.length + 1));
      return editFromContents(this.#shadow, old, this.#quill.getContents().ops);
    }
  }

  #send(local: Operation, source: string): void {
    const { edit, held } = editUnderHold(this.#held, local);
    const selection = this.#selectionInDocument();
    // By code of the page (source "api": a toolbar, a paste handler), it is a step of its own.
    const undo = source === "user" ? {} : ({ undo: "separate" } as const);
    const options = { source: this, ...undo, ...(selection === undefined ? {} : { selection }) };
    this.#doc.edit(edit, options);
    this.#held = held;
    this.#follow(local, "me");
    this.#doubt(local);
    this.#settleSoon();
  }

  #receive(event: ChangeEvent): void {
    if (event.source === this || this.#broken) return;
    this.#held = compose(this.#held, event.delta);
    this.#settleSoon();
  }

  readonly #settleSoon = (): void => {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // In a microtask: Quill must not be changed while it tells about a change, nor the document.
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#settle();
    });
  };

  /** Shows what is held, and mends what Quill made otherwise than it should be. */
  #settle(): void {
    if (this.#destroyed || this.#quill.composition.isComposing) return;
    if (this.#broken) {
      this.#repair();
      return;
    }
    // What was typed and not told yet must be told before the text moves under it.
    this.#quill.update("user");
    if (this.#held.length > 0) this.#showHeld();
    if (this.#doubtful !== undefined) this.#mend(this.#doubtful);
    this.#doubtful = undefined;
    if (this.#shadow.length + 1 !== this.#quill.getLength() || !this.#inStep()) this.#repairSoon();
  }

  #showHeld(): void {
    const delta = this.#held;
    const before = this.#shadow;
    this.#held = [];
    this.#follow(delta, "others");
    this.#doubt(delta);
    this.#moveSavedRange(delta);
    this.#show(changeOfEditor(before, this.#shadow, delta, this.#shown));
  }

  /** While it has no focus, Quill forgets to move the place that it will go back to. */
  #moveSavedRange(delta: Operation): void {
    if (this.#quill.hasFocus()) return;
    const { savedRange } = this.#quill.selection;
    const end = transformPosition(delta, savedRange.index + savedRange.length, "left");
    savedRange.index = transformPosition(delta, savedRange.index, "left");
    savedRange.length = Math.max(0, end - savedRange.index);
  }

  #mend(span: Span): void {
    const end = this.#shadow.length;
    const lines = wholeLines(this.#shadow, Math.min(span.from, end), Math.min(span.to, end));
    const isLast = lines.to > end;
    const length = isLast ? this.#quill.getLength() - lines.from : lines.to - lines.from;
    const actual = normalise(this.#quill.getContents(lines.from, length).ops as Operation);
    const wanted = this.#shown.of(linesOf(this.#shadow, lines.from, lines.to));
    if (equalOperations(actual, wanted)) return;
    const change = diff(actual, wanted);
    this.#show(lines.from === 0 ? change : [{ retain: lines.from }, ...change]);
  }

  #show(change: Operation): void {
    if (change.length === 0) return;
    this.#showing = true;
    try {
      this.#quill.updateContents(opsFromOperation(change), "api");
    } catch {
      // Not the person's fault and nothing is lost: the document has the change, Quill gets it by the repair.
      this.#repairSoon();
    } finally {
      this.#showing = false;
    }
  }

  /** The text that Quill shows has changed, by the person or by what is shown. */
  #follow(delta: Operation, by: "me" | "others"): void {
    this.#shadow = this.#shadow.apply(delta);
    const bias = by === "me" ? "right" : "left";
    const move = (place: number): number => transformPosition(delta, place, bias);
    if (this.#selection !== undefined) {
      this.#selection = { anchor: move(this.#selection.anchor), head: move(this.#selection.head) };
    }
    if (this.#doubtful !== undefined) {
      const { from, to } = this.#doubtful;
      this.#doubtful = { from: transformPosition(delta, from, "left"), to: move(to) };
    }
    this.#moved(delta, by);
  }

  /** @param delta led to the shadow */
  #doubt(delta: Operation): void {
    const span = changedSpan(delta);
    if (span === undefined) return;
    const to = span.to + lengthDifference(delta);
    const old = this.#doubtful ?? { from: span.from, to };
    this.#doubtful = { from: Math.min(old.from, span.from), to: Math.max(old.to, to) };
  }

  #inStep(): boolean {
    return this.#shadow.length + lengthDifference(this.#held) === this.#doc.length;
  }

  #repairSoon(): void {
    this.#broken = true;
    this.#settleSoon();
  }

  /** Makes Quill show the document, whatever it shows. */
  #repair(): void {
    if (this.#destroyed) return;
    const before = this.#shadow;
    this.#broken = false;
    this.#held = [];
    this.#doubtful = undefined;
    this.#shadow = Document.fromOperation(this.#doc.content());
    const wanted = this.#shown.of(linesOf(this.#shadow, 0, this.#shadow.length + 1));
    if (this.#quill.getLength() <= 1) this.#load(wanted);
    else this.#show(diff(normalise(this.#quill.getContents().ops as Operation), wanted));
    const delta = diff(before, this.#shadow);
    if (delta.length > 0) this.#moved(delta, "others");
    this.#refreshWritable();
  }

  /** Faster than a change, for the first time. */
  #load(lines: Operation): void {
    this.#showing = true;
    try {
      this.#quill.setContents(opsFromOperation(lines), "api");
    } finally {
      this.#showing = false;
    }
  }

  readonly #noteSelection = (name: string, range: unknown, _old: unknown, source: unknown): void => {
    if (name !== "selection-change" || range === null) return;
    const { index, length } = range as { readonly index: number; readonly length: number };
    if (this.#isTorn(index) || this.#isTorn(index + length)) queueMicrotask(() => this.#leavePair());
    // Quill moves the selection silently before it tells of an edit; what is wanted is the one before that.
    if (source === "silent") return;
    this.#selection = { anchor: index, head: index + length };
  };

  /** Around formats that wait for a letter, Quill may put the caret amid an emoji, where nothing can be typed (E1). */
  #leavePair(): void {
    const range = this.#destroyed || this.#quill.composition.isComposing ? null : this.#quill.getSelection();
    if (range === null) return;
    const whole = (index: number): number => (this.#isTorn(index) ? index + 1 : index);
    const [from, to] = [whole(range.index), whole(range.index + range.length)];
    if (from !== range.index || to !== range.index + range.length) this.#quill.setSelection(from, to - from, "silent");
  }

  /** Whether a place of the text is within a surrogate pair. */
  #isTorn(index: number): boolean {
    const [before, behind] = [this.#shadow.charCodeAt(index - 1), this.#shadow.charCodeAt(index)];
    return before >= 0xd800 && before < 0xdc00 && behind >= 0xdc00 && behind < 0xe000;
  }

  #selectionInDocument(): OwnSelection | undefined {
    if (this.#selection === undefined) return undefined;
    const place = (index: number): number =>
      transformPosition(this.#held, Math.min(index, this.#shadow.length), "left");
    return { anchor: place(this.#selection.anchor), head: place(this.#selection.head) };
  }

  #select({ anchor, head }: OwnSelection): void {
    if (this.#held.length > 0) return;
    this.#quill.setSelection(Math.min(anchor, head), Math.abs(head - anchor), "user");
  }

  #refreshWritable(): void {
    const writable = isWritable(this.#doc);
    if (this.#destroyed || writable === this.#writable) return;
    // A page that made its editor read-only by itself keeps it so, until a document changes its mind.
    if (this.#writable !== undefined || !writable) this.#quill.enable(writable);
    this.#writable = writable;
  }
}
