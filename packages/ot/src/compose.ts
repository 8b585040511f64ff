import { composeAttributes } from "./attributes.js";
import { OperationCursor } from "./cursor.js";
import { normalForm } from "./normal-form.js";
import { type Component, isDelete, isInsert, isRetain, type Operation, OperationBuilder } from "./operation.js";

/**
 * One operation with the effect of `first` and then `second`.
 *
 * Laws: `apply(apply(d, a), b) = apply(d, compose(a, b))`; `compose(compose(a, b), c) = compose(a, compose(b, c))`.
 * Linear in the number of components of both.
 *
 * @param second is made on the document that `first` leaves
 * @throws OperationError `malformed` for what is no list of components
 */
export function compose(first: Operation, second: Operation): Operation {
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
      const composed = composeAligned(a.take(length), b.take(length));
      if (composed !== undefined) out.push(composed);
    }
  }
  return out.build();
}

/** `old` inserts or retains exactly the units that `next` retains or deletes. */
function composeAligned(old: Component, next: Component): Component | undefined {
  if (isDelete(next)) return isInsert(old) ? undefined : next;
  if (!isRetain(next) || isDelete(old) || next.attributes === undefined) return old;
  const attributes = composeAttributes(old.attributes, next.attributes, isRetain(old));
  const { attributes: _replaced, ...bare } = old;
  return attributes === undefined ? bare : { ...bare, attributes };
}
