import { normalForm } from "./normal-form.js";
import { componentLength, isDelete, isInsert, isPlainRetain, type Operation } from "./operation.js";

/** On which side of text inserted exactly at a position the position ends up. */
export type Bias = "left" | "right";

/**
 * Where a position of the document is after the operation (E6). Positions count UTF-16 units from 0; a position lies
 * between two units. Inside deleted text it moves to where the text was.
 *
 * @param bias "right" (default): text inserted exactly here pushes the position along; "left": it stays in front
 */
export function transformPosition(operation: Operation, position: number, bias: Bias = "right"): number {
  let walked = 0;
  let moved = position;
  for (const part of normalForm(operation)) {
    if (walked > position || (walked === position && !isInsert(part))) break;
    const length = componentLength(part);
    if (isInsert(part)) {
      if (walked < position || bias === "right") moved += length;
    } else {
      if (isDelete(part)) moved -= Math.min(length, position - walked);
      walked += length;
    }
  }
  return moved;
}

/**
 * Where a position of the document after the operation was before it: the way back from what a person sees to what
 * the server has. Positions count UTF-16 units from 0. Inside or at an edge of inserted text: the place of the
 * insert; where text was deleted: in front of it.
 *
 * Law: without inserts at the place, `transformPosition(operation, basePosition(operation, position)) = position`.
 */
export function basePosition(operation: Operation, position: number): number {
  let before = 0;
  let after = 0;
  for (const part of normalForm(operation)) {
    if (after >= position) return before;
    const length = componentLength(part);
    if (isDelete(part)) {
      before += length;
    } else if (isInsert(part)) {
      after += length;
      if (after > position) return before;
    } else {
      const covered = Math.min(length, position - after);
      before += covered;
      after += covered;
    }
  }
  return before + Math.max(0, position - after);
}

/**
 * Where a person looks after an undo (C7): the place of the last change, in the document after the operation. Behind
 * inserted text, where deleted text was, or in front of formatted text. UTF-16 units; undefined when nothing changes.
 *
 * Law: what lies behind the place is the end of the document before the operation, but for the formatting (or the edit
 * inside an embed) that starts right at it.
 */
export function placeOfChange(operation: Operation): number | undefined {
  let after = 0;
  let place: number | undefined;
  for (const part of normalForm(operation)) {
    if (!isPlainRetain(part)) place = after;
    if (isInsert(part)) place = after + componentLength(part);
    if (!isDelete(part)) after += componentLength(part);
  }
  return place;
}
