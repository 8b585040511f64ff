import { Annotation, type EditorState, StateEffect, StateField, Transaction } from "@codemirror/state";
import type { EditorView, PluginValue, ViewUpdate } from "@codemirror/view";
import type { ChangeEvent, DocumentHandle, Status } from "@tutti/client";
import { type Operation, placeOfChange } from "@tutti/ot";
import { deltaFromChanges } from "./from-editor.js";
import { changesFromDelta, replacementBetween } from "./to-editor.js";

/** What the binding needs of an editor view. */
export type EditorPort = Pick<EditorView, "state" | "dispatch">;

/** Tells that something did not become part of the document; `refused` is the edit, or empty where it is no edit. */
export type ReportError = (error: unknown, refused: Operation) => void;

/** On a transaction that shows what is in the document already: it must not be sent back. */
export const shown = Annotation.define<true>();

/** On a transaction that puts the caret at the place of an undo or redo, so that the others should know. */
export const movesCaret = Annotation.define<true>();

const setReadOnly = StateEffect.define<boolean>();

/** Whether typing is off. */
export const readOnlyField = StateField.define<boolean>({
  create: () => false,
  update: (value, tr) => tr.effects.reduce((now, effect) => (effect.is(setReadOnly) ? effect.value : now), value),
});

/** Statuses in which typing would only produce text that cannot be kept. */
export const isReadOnly = (status: Status): boolean => status === "Read-only mode" || status === "Conflict";

/** User events that are an undo step of their own. */
const ALONE = ["input.paste", "input.drop", "input.complete", "delete.cut", "move"];

/**
 * One editor on one document.
 *
 * Invariant, outside of calls: the editor shows the text of the document. Whenever that does not hold (an edit was
 * refused, the editor was created on another text), the editor is brought back to the document.
 */
export class Binding implements PluginValue {
  readonly #view: EditorPort;
  readonly #doc: DocumentHandle;
  readonly #report: ReportError;
  readonly #cancel: readonly (() => void)[];
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

  /** Called by CodeMirror after every change of the state: sends what was typed. */
  update(update: Pick<ViewUpdate, "transactions">): void {
    this.#updating = true;
    for (const tr of update.transactions) {
      if (tr.docChanged && tr.annotation(shown) !== true) this.#send(tr);
    }
    this.#updating = false;
    if (this.#view.state.doc.length !== this.#doc.length) this.#repairSoon();
  }

  can(direction: "undo" | "redo"): boolean {
    return direction === "undo" ? this.#doc.canUndo : this.#doc.canRedo;
  }

  /** Undoes or redoes and puts the caret at the place. */
  step(direction: "undo" | "redo"): void {
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
    const delta = deltaFromChanges(tr.changes, tr.startState.doc, tr.newDoc);
    const alone = ALONE.some((event) => tr.isUserEvent(event));
    try {
      if (this.#broken) throw new Error("the edit was made on a text that the document does not have");
      this.#doc.edit(delta, alone ? { source: this, undo: "separate" } : { source: this });
    } catch (error) {
      this.#repairSoon();
      this.#report(error, delta);
    }
  }

  #receive(event: ChangeEvent): void {
    if (event.source === this || this.#broken) return;
    // An editor must not be changed while it tells about a change.
    if (this.#updating) this.#repairSoon();
    else this.#show(event);
  }

  #show({ delta, origin }: ChangeEvent): void {
    const place = this.#stepping ? placeOfChange(delta) : undefined;
    try {
      this.#view.dispatch({
        changes: changesFromDelta(delta),
        annotations: [...annotations(origin), ...(place === undefined ? [] : [movesCaret.of(true)])],
        filter: false,
        ...(place === undefined ? undefined : { selection: { anchor: place }, scrollIntoView: true }),
      });
    } catch {
      // Not the person's fault and nothing is lost: the document has the change, the editor gets it by the repair.
      this.#repairSoon();
    }
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
    const changes = replacementBetween(textOf(this.#view.state), this.#doc.text());
    if (changes !== undefined) {
      this.#view.dispatch({ changes, annotations: annotations("remote"), filter: false });
    }
    this.#refreshReadOnly();
  }

  #refreshReadOnly(): void {
    const readOnly = isReadOnly(this.#doc.status);
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
