import { compose } from "./compose.js";
import { type EmbedTypes, NO_EMBED_TYPES } from "./embed-types.js";
import { isNoop, type Operation } from "./operation.js";
import { moveSelection, type Selection } from "./selection.js";
import { transform } from "./transform.js";

/**
 * Undo and redo of one person's edits (C7): what takes back a step is moved over everything that others did since, so
 * undo never takes away or brings back somebody else's text.
 *
 * A remote operation costs next to nothing here, however many steps there are: it is noted above the newest step and
 * moved down only when a step is taken (lazy transform).
 */
export interface UndoHistory {
  readonly undo: readonly Step[];
  readonly redo: readonly Step[];
}

/** One step, and what others did after it and before the next one, in order. */
interface Step {
  /** Takes the step back, on the document right after it. */
  readonly inverse: Operation;
  readonly since: readonly Segment[];
  /** What was selected before the edit: in the document that undo leads to, and that redo starts from. */
  readonly selection: Selection | undefined;
}

/** Consecutive remote operations, composed. */
interface Segment {
  readonly operation: Operation;
  /** How many operations it holds. */
  readonly count: number;
}

export const EMPTY_UNDO_HISTORY: UndoHistory = { undo: [], redo: [] };

/** A step as it applies to what the person sees now. */
export interface TakenStep {
  readonly operation: Operation;
  /** What was selected before the edit, where it was said: to be restored by undo, and given to `putStep`. */
  readonly selection: Selection | undefined;
  readonly rest: UndoHistory;
}

/** Steps kept; older ones are forgotten. */
const CAPACITY = 500;

/**
 * Remembers a local edit; what could be redone is forgotten.
 * @param inverse what undoes the edit, made on the document after it
 * @param merge true to make it one step with the edit before
 * @param embeds the kinds of embeds that are edited inside; here and below the same ones
 * @param selection what was selected before the edit; a step of several edits keeps that of the first
 */
export function recordEdit(
  history: UndoHistory,
  inverse: Operation,
  merge: boolean,
  embeds: EmbedTypes = NO_EMBED_TYPES,
  selection?: Selection,
): UndoHistory {
  const joined = merge ? takeTop(history.undo, "undo", embeds) : undefined;
  if (joined === undefined) return { undo: push(history.undo, inverse, selection), redo: [] };
  return { undo: push(joined.rest, compose(inverse, joined.operation, embeds), joined.selection), redo: [] };
}

/** Notes an operation of somebody else. Amortised O(log n) compositions for n operations since the newest step. */
export function rebaseHistory(
  history: UndoHistory,
  remote: Operation,
  embeds: EmbedTypes = NO_EMBED_TYPES,
): UndoHistory {
  return { undo: noteRemote(history.undo, remote, 1, embeds), redo: noteRemote(history.redo, remote, 1, embeds) };
}

/**
 * Takes the newest step of which others left anything.
 * @returns as it applies to what the person sees now; undefined where there is nothing to undo (or redo)
 */
export function takeStep(
  history: UndoHistory,
  kind: "undo" | "redo",
  embeds: EmbedTypes = NO_EMBED_TYPES,
): TakenStep | undefined {
  let stack = history[kind];
  for (;;) {
    const top = takeTop(stack, kind, embeds);
    if (top === undefined) return undefined;
    const untouched = stack.at(-1)?.since.length === 0;
    if (untouched || !isNoop(top.operation)) return { ...top, rest: { ...history, [kind]: top.rest } };
    stack = top.rest;
  }
}

/**
 * Puts the inverse of a step just undone (or redone) on the other stack.
 * @param selection that of the step, as `takeStep` gave it
 */
export function putStep(
  history: UndoHistory,
  kind: "undo" | "redo",
  inverse: Operation,
  selection?: Selection,
): UndoHistory {
  return { ...history, [kind]: push(history[kind], inverse, selection) };
}

const push = (stack: readonly Step[], inverse: Operation, selection: Selection | undefined): readonly Step[] =>
  [...stack, { inverse, since: [], selection }].slice(-CAPACITY);

/** The newest step as it applies now, and the other steps with what others did moved down to them. */
function takeTop(stack: readonly Step[], kind: "undo" | "redo", embeds: EmbedTypes) {
  const top = stack.at(-1);
  if (top === undefined) return undefined;
  const { inverse, since, selection } = top;
  const below = stack.slice(0, -1);
  if (since.length === 0) return { operation: inverse, selection, rest: below };
  const remote = since.map((segment) => segment.operation).reduce((first, second) => compose(first, second, embeds));
  const count = since.reduce((sum, segment) => sum + segment.count, 0);
  // "keep": a step brings back its own text even where somebody typed the same.
  const options = { identical: "keep", embeds } as const;
  const operation = transform(remote, inverse, "before", options);
  const behind = transform(inverse, remote, "after", options);
  return {
    operation,
    selection: selection && moveSelection(selection, kind === "undo" ? behind : remote),
    rest: noteRemote(below, behind, count, embeds),
  };
}

function noteRemote(stack: readonly Step[], operation: Operation, count: number, embeds: EmbedTypes): readonly Step[] {
  const top = stack.at(-1);
  if (top === undefined || isNoop(operation)) return stack;
  return [...stack.slice(0, -1), { ...top, since: carry([...top.since, { operation, count }], embeds) }];
}

/** Composes the last two segments while the newer one is as large: a binary counter, so that the list stays short. */
function carry(segments: readonly Segment[], embeds: EmbedTypes): readonly Segment[] {
  const [older, newer] = segments.slice(-2);
  if (older === undefined || newer === undefined || newer.count < older.count) return segments;
  const operation = compose(older.operation, newer.operation, embeds);
  return carry([...segments.slice(0, -2), { operation, count: older.count + newer.count }], embeds);
}
