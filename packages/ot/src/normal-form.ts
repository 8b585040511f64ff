import type { Attributes } from "./attributes.js";
import { OperationError } from "./errors.js";
import {
  type Component,
  isDelete,
  isInsert,
  isPlainRetain,
  isRetain,
  mergeable,
  type Operation,
  OperationBuilder,
} from "./operation.js";

/**
 * Any list of components in normal form: always a new list.
 * @throws OperationError `malformed` for what is no component at all; contents are the business of `parseOperation`
 */
export function normalise(components: Iterable<Component>): Operation {
  const builder = new OperationBuilder();
  let index = 0;
  for (const part of components) {
    checkShape(part, index);
    if (isInsert(part)) builder.insert(part.insert, part.attributes ?? undefined, part.continues);
    else if (isRetain(part)) builder.retain(part.retain, part.attributes ?? undefined);
    else builder.delete(part.delete);
    index += 1;
  }
  return builder.build();
}

/**
 * As `normalise`, but hands back `operation` itself when it is in normal form: the ordinary case, found out in one pass
 * without copying. The guard at the door of every public function.
 * @throws OperationError `malformed` as `normalise`
 */
export function normalForm(operation: Operation): Operation {
  if (!Array.isArray(operation)) throw new OperationError("malformed", "an operation is a list of components");
  let last: Component | undefined;
  for (let index = 0; index < operation.length; index += 1) {
    const part = operation[index] as Component;
    checkShape(part, index);
    if (!isNormal(part) || (last !== undefined && !mayFollow(last, part))) return normalise(operation);
    last = part;
  }
  return last !== undefined && isPlainRetain(last) ? normalise(operation) : operation;
}

function mayFollow(last: Component, part: Component): boolean {
  return isDelete(last) ? isRetain(part) : !mergeable(last, part);
}

/** No empty content, no empty or useless attributes, no other keys. */
function isNormal(part: Component): boolean {
  const keys = Object.keys(part).length;
  if (isDelete(part)) return part.delete > 0 && keys === 1;
  if (part.attributes !== undefined && !areNormal(part.attributes, isRetain(part))) return false;
  const known = part.attributes === undefined ? 1 : 2;
  if (isRetain(part)) return part.retain > 0 && keys === known;
  return part.insert !== "" && keys === (part.continues === true ? known + 1 : known);
}

function areNormal(attributes: Attributes, allowNull: boolean): boolean {
  if (attributes === null) return false;
  const values = Object.values(attributes);
  return values.length > 0 && (allowNull || !values.includes(null));
}

/** Plain JavaScript may pass anything: a typed error here is worth more than a TypeError deep inside. */
function checkShape(part: Component, index: number): void {
  if (typeof part !== "object" || part === null) throw new OperationError("malformed", "not an object", index);
  const kinds = (isInsert(part) ? 1 : 0) + (isRetain(part) ? 1 : 0) + (isDelete(part) ? 1 : 0);
  if (kinds !== 1) throw new OperationError("malformed", "needs exactly one of insert, retain, delete", index);
  if (isInsert(part)) checkContent(part.insert, index);
  else checkLength(isRetain(part) ? part.retain : part.delete, index);
  if (!isDelete(part)) checkAttributes(part.attributes, index);
}

function checkContent(content: unknown, index: number): void {
  if (typeof content === "string") return;
  if (typeof content === "object" && content !== null && !Array.isArray(content)) {
    if (Object.keys(content).length === 1) return;
  }
  throw new OperationError("malformed", "an insert is text or an object with one key", index);
}

function checkLength(length: number, index: number): void {
  if (Number.isSafeInteger(length) && length >= 0) return;
  throw new OperationError("malformed", "a length is an integer, not negative", index);
}

function checkAttributes(attributes: unknown, index: number): void {
  if (attributes === undefined || attributes === null) return;
  if (typeof attributes === "object" && !Array.isArray(attributes)) return;
  throw new OperationError("malformed", "attributes are an object", index);
}
