import { composeAttributes } from "./attributes.js";
import { OperationCursor } from "./cursor.js";
import { applyChange, composeChanges, type EmbedTypes, NO_EMBED_TYPES } from "./embed-types.js";
import { normalForm } from "./normal-form.js";
import {
  type Component,
  type Insert,
  isDelete,
  isInsert,
  isPlainRetain,
  isRetain,
  type Operation,
  OperationBuilder,
  type Retain,
  retainOf,
} from "./operation.js";

/**
 * One operation with the effect of `first` and then `second`.
 *
 * Laws: `apply(apply(d, a), b) = apply(d, compose(a, b))`; `compose(compose(a, b), c) = compose(a, compose(b, c))`.
 * Linear in the number of components of both.
 *
 * @param second is made on the document that `first` leaves
 * @param embeds the kinds of embeds that are edited inside; a number, as `Array.reduce` hands one in, means none
 * @throws OperationError `malformed` for what is no list of components
 */
export function compose(first: Operation, second: Operation, embeds: EmbedTypes | number = NO_EMBED_TYPES): Operation {
  const types = typeof embeds === "number" ? NO_EMBED_TYPES : embeds;
  const a = new OperationCursor(normalForm(first));
  const b = new OperationCursor(normalForm(second));
  const out = new OperationBuilder();
  while (!a.done || !b.done) {
    const next = b.peek();
    const old = a.peek();
    if (next !== undefined && isInsert(next)) {
      out.push(b.take(Number.POSITIVE_INFINITY));
    } else if (old !== undefined && isDelete(old)) {
      out.push(a.take(Number.POSITIVE_INFINITY));
    } else {
      const length = Math.min(a.remaining(), b.remaining());
      const composed = composeAligned(a.take(length), b.take(length), types);
      if (composed !== undefined) out.push(composed);
    }
  }
  return out.build();
}

/** `old` inserts or retains exactly the units that `next` retains or deletes. */
function composeAligned(old: Component, next: Component, embeds: EmbedTypes): Component | undefined {
  if (isDelete(next)) return isInsert(old) ? undefined : next;
  if (!isRetain(next) || isDelete(old) || isPlainRetain(next)) return old;
  if (isInsert(old)) return composeInsert(old, next, embeds);
  return retainOf(
    next.retain,
    composeAttributes(old.attributes, next.attributes, true),
    composeChanges(old.change, next.change, embeds),
    next.skipped ?? old.skipped,
  );
}

function composeInsert(old: Insert, next: Retain, embeds: EmbedTypes): Insert {
  const { attributes: _replaced, ...bare } = old;
  const attributes = composeAttributes(old.attributes, next.attributes, false);
  const content = next.change === undefined ? old.insert : applyChange(old.insert, next.change, embeds);
  return { ...bare, insert: content, ...(attributes === undefined ? undefined : { attributes }) };
}
