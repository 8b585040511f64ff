import { Assembler } from "./assembler.js";
import { composeAttributes } from "./attributes.js";
import { applyChange, composeChanges, type EmbedTypes, NO_EMBED_TYPES } from "./embed-types.js";
import { normalForm } from "./normal-form.js";
import { type Insert, isInsert, type Operation, type Retain, retainOf } from "./operation.js";
import { CHANGE, DELETE, END, INSERT, Walker } from "./walker.js";

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
  return composeNormal(normalForm(first), normalForm(second), types);
}

/** `compose` of operations that are known to be in normal form: looking at them again costs more than the algebra. */
export function composeNormal(first: Operation, second: Operation, types: EmbedTypes): Operation {
  const a = new Walker(first);
  const b = new Walker(second);
  const out = new Assembler();
  while (a.kind !== END || b.kind !== END) {
    if (b.kind === INSERT) {
      out.insert(b.part as Insert);
      b.next();
    } else if (a.kind === DELETE) {
      out.delete(a.left);
      a.next();
    } else {
      const length = a.left < b.left ? a.left : b.left;
      composeUnits(a, b, length, types, out);
      a.advance(length);
      b.advance(length);
    }
  }
  return out.build();
}

/** `a` inserts or retains exactly the next `length` units, which `b` retains or deletes. */
function composeUnits(a: Walker, b: Walker, length: number, embeds: EmbedTypes, out: Assembler): void {
  if (b.kind === DELETE) {
    if (a.kind !== INSERT) out.delete(length);
  } else if (b.kind === CHANGE) {
    out.push(composeAligned(a.cut(length), b.cut(length) as Retain, embeds));
  } else if (a.kind === INSERT || a.kind === CHANGE) {
    out.push(a.cut(length));
  } else {
    out.retain(length);
  }
}

function composeAligned(old: Insert | Retain, next: Retain, embeds: EmbedTypes): Insert | Retain {
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
