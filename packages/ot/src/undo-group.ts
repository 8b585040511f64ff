import { componentLength, isDelete, isPlainRetain, isRetain, type Operation } from "./operation.js";
import { transformPosition } from "./position.js";

/** Typing goes on as one undo step while the pauses are no longer than this (ms). */
export const UNDO_GROUPING_PAUSE = 500;

/** The last recorded edit of a person, while it is still the newest step: what their next edit may join. */
export interface UndoGroup {
  readonly kind: "insert" | "delete" | "other";
  /** Where the edit ended, in UTF-16 units: where the next letter or backspace continues it. */
  readonly position: number;
  /** When it was made, in ms of the caller's clock. */
  readonly time: number;
}

/** What an edit made at `time` leaves for the next one to join. */
export function undoGroupOf(operation: Operation, time: number): UndoGroup {
  const edit = simpleEdit(operation);
  if (edit === undefined) return { kind: "other", position: 0, time };
  return { kind: edit.kind, position: edit.kind === "insert" ? edit.start + edit.length : edit.start, time };
}

/**
 * Whether an edit is one undo step with the edit before: when the caller says so ("merge", "separate"), otherwise when
 * it goes on typing, or deleting, at the place where that one ended, after no longer than `UNDO_GROUPING_PAUSE`.
 * Nothing joins where there is no edit before. O(1).
 */
export function joinsUndoGroup(
  group: UndoGroup | undefined,
  operation: Operation,
  now: number,
  mode?: "merge" | "separate",
): boolean {
  if (group === undefined) return false;
  if (mode !== undefined) return mode === "merge";
  const edit = simpleEdit(operation);
  if (edit?.kind !== group.kind || now - group.time > UNDO_GROUPING_PAUSE) return false;
  const backspace = edit.kind === "delete" && edit.start + edit.length === group.position;
  return backspace || edit.start === group.position;
}

/** The group after somebody else's operation: it stays in front of what they insert at its place. */
export const moveUndoGroup = (group: UndoGroup, remote: Operation): UndoGroup => ({
  ...group,
  position: transformPosition(remote, group.position, "left"),
});

/** An edit that only inserts, or only deletes, at one place: typing, backspace, delete. */
function simpleEdit(operation: Operation) {
  const [first, second] = operation;
  const skips = first !== undefined && isRetain(first) && isPlainRetain(first);
  const part = skips ? second : first;
  if (part === undefined || isRetain(part) || operation.length > (skips ? 2 : 1)) return undefined;
  const kind = isDelete(part) ? ("delete" as const) : ("insert" as const);
  return { kind, start: skips ? first.retain : 0, length: componentLength(part) };
}
