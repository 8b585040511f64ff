import { invertAttributes } from "./attributes.js";
import { Document } from "./document.js";
import { type EmbedTypes, invertChange, NO_EMBED_TYPES } from "./embed-types.js";
import { OperationError } from "./errors.js";
import { normalForm } from "./normal-form.js";
import {
  baseLength,
  type Component,
  componentLength,
  type Delete,
  type Insert,
  isDelete,
  isInsert,
  type Operation,
  OperationBuilder,
  type Retain,
  retainOf,
} from "./operation.js";

/**
 * The operation that undoes `operation`. Law: `base.apply(op).apply(invert(op, base))` has the content of `base`.
 * O(components · log n + content that is deleted or formatted).
 *
 * @param base the document (or its Delta) that `operation` is made on
 * @param embeds the kinds of embeds that are edited inside
 * @throws OperationError `malformed`; `out_of_range` when `operation` reaches behind the end of `base`;
 *   `surrogate_split` when it would tear a surrogate pair
 */
export function invert(
  operation: Operation,
  base: Document | Operation,
  embeds: EmbedTypes = NO_EMBED_TYPES,
): Operation {
  const document = base instanceof Document ? base : Document.fromDelta(base);
  const forward = normalForm(operation);
  if (baseLength(forward) > document.length) throw new OperationError("out_of_range", "reaches behind the end");
  const out = new OperationBuilder();
  let position = 0;
  for (const part of forward) {
    if (isInsert(part)) {
      out.delete(componentLength(part));
      continue;
    }
    const end = position + componentLength(part);
    invertAligned(part, document, position, end, embeds, out);
    position = end;
  }
  return out.build();
}

/** `part` retains or deletes the units [from, to) of the document. */
function invertAligned(
  part: Retain | Delete,
  base: Document,
  from: number,
  to: number,
  embeds: EmbedTypes,
  out: OperationBuilder,
): void {
  if (isDelete(part)) {
    for (const run of base.slice(from, to)) out.push(run);
  } else if (part.attributes === undefined && part.change === undefined) {
    out.retain(to - from);
  } else {
    for (const run of base.slice(from, to)) out.push(invertRetain(part, run, embeds));
  }
}

function invertRetain(part: Retain, run: Component, embeds: EmbedTypes): Retain {
  const { insert, attributes: old } = run as Insert;
  const attributes = part.attributes === undefined ? undefined : invertAttributes(part.attributes, old);
  const change = part.change === undefined ? undefined : invertChange(part.change, insert, embeds);
  return retainOf(componentLength(run), attributes, change, undefined);
}
