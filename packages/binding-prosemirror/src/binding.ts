import { editUnderHold, holdBack, isWritable, regionOf, selectionAfter } from "@tutti/binding";
import type { ChangeEvent, DocumentHandle } from "@tutti/client";
import { lengthDifference, type Operation, type Selection as OwnSelection, transformPosition } from "@tutti/ot";
import type { EditorState, Plugin, PluginView, Transaction } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { type CollabMeta, collabKey, editsSince, type LocalEdit } from "./collab-state.js";
import { documentFromDelta } from "./delta.js";
import { deltaFromTransaction } from "./from-editor.js";
import { lineAt, textLength } from "./positions.js";
import { selectionAt, transactionFromDelta, transactionToContent } from "./to-editor.js";

/** What the binding needs of an editor view. */
export type EditorPort = Pick<EditorView, "state" | "dispatch" | "composing">;

/** Tells that something did not become part of the document; `refused` is the edit, or empty where it is no edit. */
export type ReportError = (error: unknown, refused: Operation) => void;

const bindings = new WeakMap<Plugin, Binding>();

/** The binding of the editor that shows this state; undefined when there is no collaboration, or no view yet. */
export function bindingOf(state: EditorState): Binding | undefined {
  const plugin = collabKey.get(state);
  return plugin === undefined ? undefined : bindings.get(plugin);
}

/**
 * One editor on one document.
 *
 * Invariant, outside of calls: what the editor shows, with `held` applied, is the document. Whenever that does not hold
 * (an edit was refused, the editor was given another content), the editor is brought back to the document.
 */
export class Binding implements PluginView {
  readonly #view: EditorPort;
  readonly #doc: DocumentHandle;
  readonly #report: ReportError;
  readonly #cancel: readonly (() => void)[];
  #sent: number;
  #held: Operation = [];
  #stepping = false;
  #sending = false;
  #broken = false;
  #destroyed = false;

  constructor(view: EditorPort, doc: DocumentHandle, report: ReportError) {
    this.#view = view;
    this.#doc = doc;
    this.#report = report;
    this.#sent = collabKey.getState(view.state)?.newest?.number ?? 0;
    this.#cancel = [
      doc.on("change", (event) => this.#receive(event)),
      doc.on("status", () => queueMicrotask(() => this.#refreshReadOnly())),
    ];
    const plugin = collabKey.get(view.state);
    if (plugin !== undefined) bindings.set(plugin, this);
    if (!view.state.doc.eq(documentFromDelta(doc.content()))) this.#repairSoon();
    doc.ready.then(
      () => this.#repair(),
      (error: unknown) => this.#report(error, []),
    );
  }

  /** What the editor does not show yet, because an input method composes there. */
  get held(): Operation {
    return this.#held;
  }

  /** Called by ProseMirror after every change of the state: sends what was typed. */
  update(): void {
    const state = collabKey.getState(this.#view.state);
    const edits = state === undefined ? [] : editsSince(state, this.#sent);
    this.#sent = state?.newest?.number ?? 0;
    for (const edit of edits) {
      this.#send(edit);
      edit.previous = undefined;
    }
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

  /** Undoes or redoes and puts the caret at the place; false when there was nothing to undo. */
  step(direction: "undo" | "redo"): boolean {
    this.#release();
    this.#stepping = true;
    try {
      return direction === "undo" ? this.#doc.undo() : this.#doc.redo();
    } catch (error) {
      this.#report(error, []);
      return false;
    } finally {
      this.#stepping = false;
    }
  }

  destroy(): void {
    this.#destroyed = true;
    for (const cancel of this.#cancel) cancel();
  }

  #send(edit: LocalEdit): void {
    const { edit: delta, held } = editUnderHold(this.#held, edit.delta);
    this.#sending = true;
    try {
      if (this.#broken) throw new Error("the edit was made on content that the document does not have");
      const options = { source: this, selection: this.#inDocument(edit.selection) };
      this.#doc.edit(delta, edit.undo === undefined ? options : { ...options, undo: edit.undo });
      this.#held = held;
    } catch (error) {
      this.#repairSoon();
      this.#report(error, delta);
    } finally {
      this.#sending = false;
    }
  }

  /** A place in what the editor shows as a place in the document. */
  #inDocument({ anchor, head }: OwnSelection): OwnSelection {
    const place = (index: number): number => transformPosition(this.#held, index, "left");
    return { anchor: place(anchor), head: place(head) };
  }

  #receive(event: ChangeEvent): void {
    if (event.source === this || this.#broken) return;
    if (this.#sending) this.#repairSoon();
    else if (this.#view.composing) this.#showAround(event.delta);
    else {
      this.#release();
      this.#show(event.delta, this.#stepping ? selectionAfter(event) : undefined);
    }
  }

  /** Shows what does not touch the block under composition, and holds the rest. */
  #showAround(delta: Operation): void {
    const { doc, selection } = this.#view.state;
    const region = regionOf(lineAt(doc, selection.head), this.#held);
    const { show, held } = holdBack(this.#held, delta, region);
    this.#held = held;
    this.#show(show);
  }

  #release(): void {
    if (this.#held.length === 0) return;
    const held = this.#held;
    this.#held = [];
    this.#show(held);
  }

  /** @param select what to select then; left out: the selection follows the text */
  #show(delta: Operation, select?: OwnSelection): void {
    if (delta.length === 0) return;
    try {
      const tr = transactionFromDelta(this.#view.state, delta);
      if (select !== undefined) tr.setSelection(selectionAt(tr.doc, select)).scrollIntoView();
      this.#dispatch(tr, { shown: delta, movesCaret: select !== undefined });
    } catch {
      // Not the person's fault and nothing is lost: the document has the change, the editor gets it by the repair.
      this.#repairSoon();
    }
  }

  /** Both lengths are known without a walk over the text, so this is checked after every change. */
  #inStep(): boolean {
    return textLength(this.#view.state.doc) + lengthDifference(this.#held) === this.#doc.length;
  }

  /** In a microtask: an editor must not be changed while it tells about a change. */
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
    const tr = transactionToContent(this.#view.state, this.#doc.content());
    if (tr.docChanged) this.#dispatch(tr, { shown: this.#repairDelta(tr) });
    this.#refreshReadOnly();
  }

  /** What a repair does to the text: that the others' cursors follow. */
  #repairDelta(tr: Transaction): Operation {
    try {
      return deltaFromTransaction(tr);
    } catch {
      // What is repaired may hold text that no operation can speak of, such as half a surrogate pair.
      return [...this.#doc.content(), { delete: textLength(tr.before) }];
    }
  }

  #refreshReadOnly(): void {
    if (this.#destroyed) return;
    const readOnly = !isWritable(this.#doc);
    const state = collabKey.getState(this.#view.state);
    if (state !== undefined && state.readOnly !== readOnly) {
      this.#dispatch(this.#view.state.tr, { readOnly });
    }
  }

  #dispatch(tr: Transaction, meta: CollabMeta): void {
    this.#view.dispatch(tr.setMeta(collabKey, meta).setMeta("addToHistory", false));
  }
}
