import type { Operation, Selection as OwnSelection } from "@tutti/ot";
import { PluginKey, type Selection, type Transaction } from "prosemirror-state";
import { deltaFromTransaction } from "./from-editor.js";
import { indexOf } from "./positions.js";
import { undoStep } from "./undo-step.js";

/** Pure state of the collaboration plugin: what was typed, in order, and whether typing is allowed. */
export interface CollabState {
  readonly readOnly: boolean;
  /** The newest local edit; the ones before it hang on it. */
  readonly newest: LocalEdit | undefined;
}

/** An edit made in the editor. */
export interface LocalEdit {
  /** 1, 2, 3 … in the life of the editor state. */
  readonly number: number;
  readonly delta: Operation;
  readonly undo: "separate" | undefined;
  /** What was selected before it, for undo. */
  readonly selection: OwnSelection;
  /** Let go once this edit is in the document, so that the list does not grow. */
  previous: LocalEdit | undefined;
}

/** What a transaction of ours carries. */
export interface CollabMeta {
  /** The Delta that the transaction shows; it is in the document already. */
  readonly shown?: Operation;
  /** True when the caret goes to the place of the change (undo, redo), so that the others should know. */
  readonly movesCaret?: boolean;
  readonly readOnly?: boolean;
}

export const collabKey = new PluginKey<CollabState>("tutti");

const deltas = new WeakMap<Transaction, Operation>();

/** What a transaction does to the text; computed once for all plugins that ask. */
export function deltaOf(tr: Transaction): Operation {
  const known = deltas.get(tr);
  if (known !== undefined) return known;
  const delta = metaOf(tr)?.shown ?? deltaFromTransaction(tr);
  deltas.set(tr, delta);
  return delta;
}

export function metaOf(tr: Transaction): CollabMeta | undefined {
  return tr.getMeta(collabKey) as CollabMeta | undefined;
}

/** True for a transaction that shows what is in the document already: it must not be sent back. */
export const isShown = (tr: Transaction): boolean => metaOf(tr)?.shown !== undefined;

/**
 * The plugin's state after a transaction.
 * @param before what was selected before it
 */
export function nextState(state: CollabState, tr: Transaction, before: Selection): CollabState {
  const readOnly = metaOf(tr)?.readOnly ?? state.readOnly;
  const delta = tr.docChanged && !isShown(tr) ? deltaOf(tr) : [];
  if (delta.length === 0) return readOnly === state.readOnly ? state : { ...state, readOnly };
  const number = (state.newest?.number ?? 0) + 1;
  const selection = { anchor: indexOf(tr.before, before.anchor), head: indexOf(tr.before, before.head) };
  return { readOnly, newest: { number, delta, undo: undoStep(tr), selection, previous: state.newest } };
}

/** The edits after number `sent`, oldest first. */
export function editsSince(state: CollabState, sent: number): readonly LocalEdit[] {
  const edits: LocalEdit[] = [];
  for (let edit = state.newest; edit !== undefined && edit.number > sent; edit = edit.previous) edits.push(edit);
  return edits.reverse();
}
