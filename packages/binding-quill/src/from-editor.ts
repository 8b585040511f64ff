import {
  type Attributes,
  type Document,
  diff,
  type Embed,
  isInsert,
  isRetain,
  type Operation,
  OperationBuilder,
  parseOperation,
} from "@tutti/ot";
import { PLACEHOLDER } from "./embed-blot.js";
import { withoutFinalLine } from "./final-line.js";
import { PLAIN_CODE, SHAPES } from "./shown.js";

/**
 * What a person changed in Quill, as an edit of the document. Only that: Quill tells what differs from what it showed,
 * so what it never showed is in no edit and stays.
 *
 * @param before the document that Quill showed
 * @param ops Quill's own Delta
 * @throws OperationError when the change fits no text of Quill
 */
export function editFromChange(before: Document, ops: unknown): Operation {
  return clearHiddenShapes(before, withoutFinalLine(before, operationFromOps(ops)));
}

/**
 * The same from what Quill held before and holds now, where its own Delta is of no use: comparing letter by letter, it
 * may tear a surrogate pair apart (E1).
 */
export function editFromContents(before: Document, old: Operation, now: unknown): Operation {
  return editFromChange(before, diff(old, parseOperation(now)));
}

/** Quill's operations as ours: placeholders become the objects that they stand for. */
function operationFromOps(ops: unknown): Operation {
  const out = new OperationBuilder();
  for (const part of parseOperation(ops)) {
    if (isInsert(part)) out.insert(contentOf(part.insert), formatsOf(part.attributes));
    else if (isRetain(part)) out.retain(part.retain, formatsOf(part.attributes));
    else out.push(part);
  }
  return out.build();
}

/** Code that says no language is just code, for everybody. */
function formatsOf(attributes: Attributes | undefined): Attributes | undefined {
  const code = attributes?.["code-block"];
  return code === PLAIN_CODE || code === "true" ? { ...attributes, "code-block": true } : attributes;
}

/** Inverse of `operationFromOps`, for a change that holds placeholders where Quill needs them. */
export function opsFromOperation(operation: Operation): {
  insert?: string | Record<string, unknown>;
  retain?: number;
  delete?: number;
  attributes?: Record<string, unknown>;
}[] {
  return operation.map((part) => {
    const attributes =
      "attributes" in part && part.attributes !== undefined ? { attributes: { ...part.attributes } } : {};
    if (isInsert(part))
      return { insert: typeof part.insert === "string" ? part.insert : { ...part.insert }, ...attributes };
    return isRetain(part) ? { retain: part.retain, ...attributes } : { delete: part.delete };
  });
}

function contentOf(content: string | Embed): string | Embed {
  if (typeof content === "string" || !(PLACEHOLDER in content)) return content;
  return content[PLACEHOLDER] as Embed;
}

/**
 * A line may have a shape that Quill does not show, because another one goes before it. Whoever gives the line a new
 * shape means just that one: the hidden ones go, so that the new one shows.
 */
function clearHiddenShapes(before: Document, edit: Operation): Operation {
  const out = new OperationBuilder();
  let index = 0;
  for (const part of edit) {
    if (isRetain(part) && setsShape(part.attributes)) {
      for (const run of before.slice(index, index + part.retain)) {
        if (!isInsert(run)) continue;
        const length = typeof run.insert === "string" ? run.insert.length : 1;
        out.retain(length, { ...hiddenShapes(run.attributes), ...part.attributes });
      }
    } else out.push(part);
    if (!isInsert(part)) index += isRetain(part) ? part.retain : part.delete;
  }
  return out.build();
}

const setsShape = (attributes: Attributes | undefined): boolean =>
  SHAPES.some((name) => (attributes?.[name] ?? null) !== null);

function hiddenShapes(attributes: Attributes | undefined): Attributes {
  const present = SHAPES.filter((name) => attributes !== undefined && name in attributes);
  return Object.fromEntries(present.map((name) => [name, null]));
}
