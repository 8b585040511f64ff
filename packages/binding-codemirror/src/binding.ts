import { Annotation, type EditorState, StateEffect, StateField, Transaction } from "@codemirror/state";
import type { EditorView, PluginValue, ViewUpdate } from "@codemirror/view";
import { editUnderHold, holdBack, isWritable, type Line, regionOf, selectionAfter } from "@tutti/binding";
import type { ChangeEvent, DocumentHandle } from "@tutti/client";
import { lengthDifference, type Operation, type Selection as OwnSelection, transformPosition } from "@tutti/ot";
import { deltaFromChanges } from "./from-editor.js";
import { changesFromDelta, replacementBetween } from "./to-editor.js";

/** What the binding needs of an editor view. */
export type EditorPort = Pick<EditorView, "state" | "dispatch" | "composing">;

/** Tells that something did not become part of the document; `refused` is the edit, or empty where it is no edit. */
export type ReportError = (error: unknown, refused: Operation) => void;

/** On a transaction that shows what is in the document already: it must not be sent back. */
export const shown = Annotation.define<true>();

/** On a transaction that puts the caret at the place of an undo or redo, so that the others should know. */
export const movesCaret = Annotation.define<true>();

const bindings = new WeakMap<object, Binding>();

export const registerBinding = (view: EditorPort, binding: Binding): unknown => bindings.set(view, binding);

/** The binding of a view; undefined where there is no collaboration. */
export const bindingOf = (view: EditorPort): Binding | undefined => bindings.get(view);

const setReadOnly = StateEffect.define<boolean>();

/** Whether typing is off. */
export const readOnlyField = StateField.define<boolean>({
  create: () => false,
  update: (value, tr) => tr.effects.reduce((now, effect) => (effect.is(setReadOnly) ? effect.value : now), value),
});

/** User events that are an undo step of their own. */
const ALONE = ["input.paste", "input.drop", "input.complete", "delete.cut", "move"];

/**
 * One editor on one document.
 *
 * Invariant, outside of calls: what the editor shows, with `held` applied, is the text of the document. Whenever that does not hold (an edit was
 * refused, the editor was created on another text), the editor is brought back to the document.
 */
export class Binding implements PluginValue {
  readonly #view: EditorPort;
  readonly #doc: DocumentHandle;
  readonly #report: ReportError;
  readonly #cancel: readonly (() => void)[];
  #held: Operation = [];
  #updating = false;
  #stepping = false;
  #broken = false;
  #destroyed = false;

  constructor(view: EditorPort, doc: DocumentHandle, report: ReportError) {
    this.#view = view;
    this.#doc = doc;
    this.#report = report;
    this.#cancel = [
      doc.on("change", (event) => this.#receive(event)),
      doc.on("status", () => queueMicrotask(() => this.#refreshReadOnly())),
    ];
    if (textOf(view.state) !== doc.text()) this.#repairSoon();
    doc.ready.then(
      () => this.#repair(),
      (error: unknown) => this.#report(error, []),
    );
  }

  /** What the editor does not show yet, because an input method composes there. */
  get held(): Operation {
    return this.#held;
  }

  /** Called by CodeMirror after every change of the state: sends what was typed. */
  update(update: Pick<ViewUpdate, "transactions">): void {
    this.#updating = true;
    for (const tr of update.transactions) {
      if (tr.docChanged && tr.annotation(shown) !== true) this.#send(tr);
    }
    this.#updating = false;
    if (!this.#inStep()) this.#repairSoon();
    if (this.#held.length > 0 && !this.#view.composing) queueMicrotask(() => this.compositionEnded());
  }

  /** Shows what was held, unless an input method composes again. */
  compositionEnded(): void {
    if (!this.#destroyed && !this.#broken && !this.#view.composing) this.#release();
  }

  can(direction: "undo" | "redo"): boolean {
    return direction === "undo" ? this.#doc.canUndo : this.#doc.canRedo;
  }

  /** Undoes or redoes, and selects what was selected then. Ends the holding. */
  step(direction: "undo" | "redo"): void {
    this.#release();
    this.#stepping = true;
    try {
      if (direction === "undo") this.#doc.undo();
      else this.#doc.redo();
    } catch (error) {
      this.#report(error, []);
    } finally {
      this.#stepping = false;
    }
  }

  destroy(): void {
    this.#destroyed = true;
    for (const cancel of this.#cancel) cancel();
  }

  #send(tr: Transaction): void {
    const local = deltaFromChanges(tr.changes, tr.startState.doc, tr.newDoc);
    const { edit: delta, held } = editUnderHold(this.#held, local);
    const alone = ALONE.some((event) => tr.isUserEvent(event));
    const options = { source: this, selection: this.#inDocument(tr.startState.selection.main) };
    try {
      if (this.#broken) throw new Error("the edit was made on a text that the document does not have");
      this.#doc.edit(delta, alone ? { ...options, undo: "separate" } : options);
      this.#held = held;
    } catch (error) {
      this.#repairSoon();
      this.#report(error, delta);
    }
  }

  #receive(event: ChangeEvent): void {
    if (event.source === this || this.#broken) return;
    // An editor must not be changed while it tells about a change.
    if (this.#updating) this.#repairSoon();
    else if (this.#view.composing) this.#showAround(event);
    else {
      this.#release();
      this.#show(event.delta, event.origin, this.#stepping ? selectionAfter(event) : undefined);
    }
  }

  /** Shows what does not touch the line under composition, and holds the rest: else the composition would end. */
  #showAround({ delta, origin }: ChangeEvent): void {
    const { show, held } = holdBack(this.#held, delta, regionOf(this.#lineOfCaret(), this.#held));
    this.#held = held;
    this.#show(show, origin);
  }

  #release(): void {
    const held = this.#held;
    this.#held = [];
    this.#show(held, "remote");
  }

  /** @param select what to select then; left out: the selection follows the text */
  #show(delta: Operation, origin: ChangeEvent["origin"], select?: OwnSelection): void {
    if (delta.length === 0) return;
    try {
      this.#view.dispatch({
        changes: changesFromDelta(delta),
        annotations: [...annotations(origin), ...(select === undefined ? [] : [movesCaret.of(true)])],
        filter: false,
        ...(select === undefined ? undefined : { selection: this.#withinText(select, delta), scrollIntoView: true }),
      });
    } catch {
      // Not the person's fault and nothing is lost: the document has the change, the editor gets it by the repair.
      this.#repairSoon();
    }
  }

  #lineOfCaret(): Line {
    const { doc, selection } = this.#view.state;
    const { from, to, number } = doc.lineAt(selection.main.head);
    return { from, to, isFirst: number === 1, isLast: number === doc.lines };
  }

  /** A place in what the editor shows as a place in the document. */
  #inDocument({ anchor, head }: OwnSelection): OwnSelection {
    const place = (index: number): number => transformPosition(this.#held, index, "left");
    return { anchor: place(anchor), head: place(head) };
  }

  /** CodeMirror refuses a selection behind the end of the text. */
  #withinText({ anchor, head }: OwnSelection, delta: Operation): OwnSelection {
    const end = this.#view.state.doc.length + lengthDifference(delta);
    return { anchor: Math.min(anchor, end), head: Math.min(head, end) };
  }

  #inStep(): boolean {
    return this.#view.state.doc.length + lengthDifference(this.#held) === this.#doc.length;
  }

  #repairSoon(): void {
    if (this.#broken) return;
    this.#broken = true;
    queueMicrotask(() => {
      this.#broken = false;
      this.#repair();
    });
  }

  #repair(): void {
    if (this.#destroyed) return;
    this.#held = [];
    const changes = replacementBetween(textOf(this.#view.state), this.#doc.text());
    if (changes !== undefined) {
      this.#view.dispatch({ changes, annotations: annotations("remote"), filter: false });
    }
    this.#refreshReadOnly();
  }

  #refreshReadOnly(): void {
    const readOnly = !isWritable(this.#doc);
    if (this.#destroyed || this.#view.state.field(readOnlyField) === readOnly) return;
    this.#view.dispatch({ effects: setReadOnly.of(readOnly) });
  }
}

/** The text with "\n" between lines, whatever the editor is configured to. */
const textOf = (state: EditorState): string => state.doc.toString();

const annotations = (origin: ChangeEvent["origin"]) => [
  shown.of(true),
  Transaction.addToHistory.of(false),
  Transaction.remote.of(origin === "remote"),
];
