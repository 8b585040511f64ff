import { composeAttributes } from "./attributes.js";
import type { Document } from "./document.js";
import { applyChange, type EmbedTypes, kindOf } from "./embed-types.js";
import { OperationError } from "./errors.js";
import { normalForm } from "./normal-form.js";
import { baseLength, componentLength, isInsert, isRetain, type Operation, OperationBuilder } from "./operation.js";
import type { ContentRun } from "./tree-read.js";

/**
 * The document after an operation that may edit inside embeds. `Document.apply` alone steps over such edits; this is
 * what it does with the handlers at hand. O(components · log n).
 * @throws OperationError as `Document.apply`; `malformed` when what is edited is no embed of that kind
 */
export function applyWithEmbeds(document: Document, operation: Operation, embeds: EmbedTypes): Document {
  return document.apply(resolveChanges(operation, document, embeds));
}

/**
 * The operation with each edit inside an embed written as the old embed deleted and the new one inserted: what an
 * editor that shows the embed as a whole needs. Edits of kinds without handler are left as they are.
 * @param base the document that `operation` is made on
 * @throws OperationError `malformed` when what is edited is no embed of that kind; `out_of_range`
 */
export function resolveChanges(operation: Operation, base: Document, embeds: EmbedTypes): Operation {
  const parts = normalForm(operation);
  if (!parts.some((part) => isRetain(part) && part.change !== undefined)) return parts;
  if (baseLength(parts) > base.length) throw new OperationError("out_of_range", "reaches behind the end");
  const out = new OperationBuilder();
  let position = 0;
  for (const [index, part] of parts.entries()) {
    const change = isRetain(part) ? part.change : undefined;
    if (!isRetain(part) || change === undefined || !embeds.has(kindOf(change))) {
      out.push(part);
    } else {
      const [unit] = [...base.runs(position, position + 1)] as [ContentRun];
      const content = applyChange(unit.content, change, embeds, index);
      out.insert(content, composeAttributes(unit.attributes, part.attributes, false)).delete(1);
    }
    if (!isInsert(part)) position += componentLength(part);
  }
  return out.build();
}
