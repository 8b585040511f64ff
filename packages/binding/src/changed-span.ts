import { componentLength, isInsert, isRetain, type Operation } from "@tutti/ot";

/** A stretch of the text, [from, to), in UTF-16 units. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The indices of the text before, between which the operation changes something; undefined when it changes nothing. */
export function changedSpan(delta: Operation): Span | undefined {
  let from: number | undefined;
  let to = 0;
  let index = 0;
  for (const part of delta) {
    const length = isInsert(part) ? 0 : componentLength(part);
    if (!isRetain(part) || part.attributes !== undefined || part.change !== undefined) {
      from ??= index;
      to = index + length;
    }
    index += length;
  }
  return from === undefined ? undefined : { from, to };
}
