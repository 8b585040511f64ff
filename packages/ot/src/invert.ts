import { invertAttributes } from "./attributes.js";
import { Document } from "./document.js";
import { componentLength, isDelete, isInsert, type Operation, OperationBuilder } from "./operation.js";

/**
 * The operation that undoes `operation`. Law: `base.apply(op).apply(invert(op, base))` has the content of `base`.
 *
 * @param base the document (or its Delta) that `operation` is made on
 */
export function invert(operation: Operation, base: Document | Operation): Operation {
  const document = base instanceof Document ? base : Document.fromOperation(base);
  const out = new OperationBuilder();
  let position = 0;
  for (const part of operation) {
    const length = componentLength(part);
    if (isInsert(part)) {
      out.delete(length);
      continue;
    }
    if (isDelete(part)) {
      for (const run of document.slice(position, position + length)) out.push(run);
    } else if (part.attributes === undefined) {
      out.retain(length);
    } else {
      for (const run of document.slice(position, position + length)) {
        if (isInsert(run)) out.retain(componentLength(run), invertAttributes(part.attributes, run.attributes));
      }
    }
    position += length;
  }
  return out.build();
}
