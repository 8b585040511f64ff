import { compose } from "./compose.js";
import { isNoop, type Operation } from "./operation.js";
import { transform } from "./transform.js";

/**
 * Undo and redo of one person's edits (C7). Each entry is an operation that applies after all entries above it; the
 * top one applies to what the person sees now. Remote operations move the entries, so undo never takes away or brings
 * back somebody else's text.
 */
export interface UndoHistory {
  readonly undo: readonly Operation[];
  readonly redo: readonly Operation[];
}

export const EMPTY_UNDO_HISTORY: UndoHistory = { undo: [], redo: [] };

/** Entries kept; older ones are forgotten. */
const CAPACITY = 500;

/**
 * Remembers a local edit.
 * @param inverse what undoes the edit, made on the document after it
 * @param merge true to make it one step with the edit before
 */
export function recordEdit(history: UndoHistory, inverse: Operation, merge: boolean): UndoHistory {
  const top = history.undo.at(-1);
  if (!merge || top === undefined) return { undo: [...history.undo, inverse].slice(-CAPACITY), redo: [] };
  return { undo: [...history.undo.slice(0, -1), compose(inverse, top)], redo: [] };
}

/** Moves all entries over an operation of somebody else. */
export function rebaseHistory(history: UndoHistory, remote: Operation): UndoHistory {
  return { undo: rebaseStack(history.undo, remote), redo: rebaseStack(history.redo, remote) };
}

/**
 * Takes the newest entry of one stack.
 * @returns undefined where there is nothing to undo (or redo)
 */
export function takeStep(
  history: UndoHistory,
  kind: "undo" | "redo",
): { readonly operation: Operation; readonly rest: UndoHistory } | undefined {
  const operation = history[kind].at(-1);
  return operation === undefined ? undefined : { operation, rest: { ...history, [kind]: history[kind].slice(0, -1) } };
}

/** Puts the inverse of a step just undone (or redone) on the other stack. */
export function putStep(history: UndoHistory, kind: "undo" | "redo", inverse: Operation): UndoHistory {
  return { ...history, [kind]: [...history[kind], inverse] };
}

function rebaseStack(stack: readonly Operation[], remote: Operation): readonly Operation[] {
  const moved: Operation[] = [];
  let theirs = remote;
  for (let index = stack.length - 1; index >= 0; index -= 1) {
    const entry = stack[index] ?? [];
    const rebased = transform(theirs, entry, "before", "keep");
    theirs = transform(entry, theirs, "after", "keep");
    if (!isNoop(rebased)) moved.push(rebased);
  }
  return moved.reverse();
}
