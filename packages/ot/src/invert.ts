import { invertAttributes } from "./attributes.js";
import { Document } from "./document.js";
import { OperationError } from "./errors.js";
import { normalForm } from "./normal-form.js";
import {
  baseLength,
  componentLength,
  type Delete,
  isDelete,
  isInsert,
  type Operation,
  OperationBuilder,
  type Retain,
} from "./operation.js";

/**
 * The operation that undoes `operation`. Law: `base.apply(op).apply(invert(op, base))` has the content of `base`.
 *
 * @param base the document (or its Delta) that `operation` is made on
 * @throws OperationError `malformed`; `out_of_range` when `operation` reaches behind the end of `base`;
 *   `surrogate_split` when it would tear a surrogate pair
 */
export function invert(operation: Operation, base: Document | Operation): Operation {
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
    invertAligned(part, document, position, end, out);
    position = end;
  }
  return out.build();
}

/** `part` retains or deletes the units [from, to) of the document. */
function invertAligned(part: Retain | Delete, base: Document, from: number, to: number, out: OperationBuilder): void {
  if (isDelete(part)) {
    for (const run of base.slice(from, to)) out.push(run);
  } else if (part.attributes === undefined) {
    out.retain(to - from);
  } else {
    for (const run of base.slice(from, to)) {
      const old = isInsert(run) ? run.attributes : undefined;
      out.retain(componentLength(run), invertAttributes(part.attributes, old));
    }
  }
}
