import { compose, type Operation, OperationBuilder } from "@tutti/ot";
import type { Patch } from "./recording.js";

/**
 * The operation that patches make, one after the other, and the text after it.
 * @param text what the first one applies to; positions of patches count its code points, the operation its UTF-16 units
 */
export function applyPatches(
  patches: readonly Patch[],
  text: string,
): { readonly operation: Operation; readonly text: string } {
  let current = text;
  let whole: Operation = [];
  for (const [position, deleted, inserted] of patches) {
    const start = unitsOf(current, 0, position);
    const length = unitsOf(current, start, deleted);
    whole = compose(whole, new OperationBuilder().retain(start).insert(inserted).delete(length).build());
    current = current.slice(0, start) + inserted + current.slice(start + length);
  }
  return { operation: whole, text: current };
}

/** How many UTF-16 units so many code points take, from a unit on. */
function unitsOf(text: string, from: number, points: number): number {
  let unit = from;
  for (let left = points; left > 0; left -= 1) unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
  return unit - from;
}
