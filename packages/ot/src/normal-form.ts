import { type Attributes, copyAttributes } from "./attributes.js";
import { OperationError } from "./errors.js";
import {
  type Component,
  type Embed,
  isDelete,
  isInsert,
  isPlainRetain,
  isRetain,
  lengthOfSkipped,
  mergeable,
  type Operation,
  OperationBuilder,
  type Retain,
  retainOf,
} from "./operation.js";

/**
 * Any list of components in normal form: always a new list.
 * @throws OperationError `malformed` for what is no component at all; contents are the business of `parseOperation`
 *
 * Quill's `{ retain: embed }` and components of kinds to come are components here, and retains in the result.
 */
export function normalise(components: Iterable<Component>): Operation {
  const builder = new OperationBuilder();
  let index = 0;
  for (const part of components) {
    checkShape(part, index);
    if (isInsert(part)) builder.insert(part.insert, part.attributes ?? undefined, part.continues);
    else if (isDelete(part)) builder.delete(part.delete);
    else if (isRetain(part)) builder.push(retainFrom(part));
    else builder.skip(part);
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
  return operation.length >= LONG && KNOWN.has(operation) ? operation : checked(operation);
}

/** Long operations that are known to be in normal form: looking at each component again costs more than the algebra. */
const KNOWN = new WeakSet<Operation>();
const LONG = 16;

/** Notes that an operation is in normal form, where that pays. */
export function knownNormal(operation: Operation): Operation {
  if (operation.length >= LONG) KNOWN.add(operation);
  return operation;
}

function checked(operation: Operation): Operation {
  let last: Component | undefined;
  for (let index = 0; index < operation.length; index += 1) {
    const part = operation[index] as Component;
    checkShape(part, index);
    if (!isNormal(part) || (last !== undefined && !mayFollow(last, part))) return normalise(operation);
    last = part;
  }
  return last !== undefined && isPlainRetain(last) ? normalise(operation) : knownNormal(operation);
}

/** Also of Quill's spelling, `{ retain: embed }`. */
function retainFrom(part: Retain): Retain {
  const quill = typeof part.retain === "object" ? (part.retain as Embed) : undefined;
  const length = quill === undefined ? part.retain : 1;
  return retainOf(length, copyAttributes(part.attributes ?? undefined), quill ?? part.change, part.skipped);
}

function mayFollow(last: Component, part: Component): boolean {
  return isDelete(last) ? isRetain(part) : !mergeable(last, part);
}

/** No empty content, no empty or useless attributes, no other keys. */
function isNormal(part: Component): boolean {
  const keys = Object.keys(part).length;
  if (isDelete(part)) return part.delete > 0 && keys === 1;
  if (!isInsert(part) && typeof part.retain !== "number") return false;
  if (part.attributes !== undefined && !areNormal(part.attributes, isRetain(part))) return false;
  const known = part.attributes === undefined ? 1 : 2;
  if (isRetain(part)) return part.retain > 0 && keys === known + extrasOf(part);
  return part.insert !== "" && keys === (part.continues === true ? known + 1 : known);
}

/** Keys of a retain beyond length and attributes. */
const extrasOf = (part: Retain): number => (part.change === undefined ? 0 : 1) + (part.skipped === undefined ? 0 : 1);

function areNormal(attributes: Attributes, allowNull: boolean): boolean {
  if (attributes === null) return false;
  const values = Object.values(attributes);
  return values.length > 0 && (allowNull || !values.includes(null));
}

/** Plain JavaScript may pass anything: a typed error here is worth more than a TypeError deep inside. */
function checkShape(part: Component, index: number): void {
  if (typeof part !== "object" || part === null) throw new OperationError("malformed", "not an object", index);
  const kinds = (isInsert(part) ? 1 : 0) + (isRetain(part) ? 1 : 0) + (isDelete(part) ? 1 : 0);
  if (kinds > 1) throw new OperationError("malformed", "needs exactly one of insert, retain, delete", index);
  if (kinds === 0) {
    checkSkipped(part, index);
    return;
  }
  if (isDelete(part)) {
    checkLength(part.delete, index);
    return;
  }
  if (isInsert(part)) checkContent(part.insert, index);
  else checkRetain(part, index);
  checkAttributes(part.attributes, index);
}

/** A component of a kind to come says how many units it is about, or nobody could step over it. */
function checkSkipped(component: object, index: number): void {
  const length = lengthOfSkipped(component);
  if (Number.isSafeInteger(length) && length > 0) return;
  throw new OperationError("malformed", "needs exactly one of insert, retain, delete; or a length to skip", index);
}

function checkRetain(part: Retain, index: number): void {
  const { change, skipped } = part;
  if (typeof part.retain === "object") checkEmbed(part.retain, index);
  else checkLength(part.retain, index);
  if (change !== undefined) {
    checkEmbed(change, index);
    if (part.retain !== 1) throw new OperationError("malformed", "a change is of one embed", index);
  }
  if (skipped === undefined) return;
  checkSkipped(skipped.component, index);
  if (
    !Number.isSafeInteger(skipped.from) ||
    skipped.from < 0 ||
    skipped.from + part.retain > lengthOfSkipped(skipped.component)
  ) {
    throw new OperationError("malformed", "covers units that the skipped component has not", index);
  }
}

function checkContent(content: unknown, index: number): void {
  if (typeof content !== "string") checkEmbed(content, index);
}

/** @throws OperationError `malformed` for what is no embed; its data is not looked at */
export function checkEmbed(content: unknown, index: number): void {
  if (typeof content === "object" && content !== null && !Array.isArray(content)) {
    if (Object.keys(content).length === 1) return;
  }
  throw new OperationError("malformed", "what is no text is an object with one key", index);
}

function checkLength(length: number, index: number): void {
  if (Number.isSafeInteger(length) && length >= 0) return;
  throw new OperationError("malformed", "a length is an integer, not negative", index);
}

/** @throws OperationError `malformed` for what is neither attributes nor left out; the values are not looked at */
export function checkAttributes(attributes: unknown, index: number): void {
  if (attributes === undefined || attributes === null) return;
  if (typeof attributes === "object" && !Array.isArray(attributes)) return;
  throw new OperationError("malformed", "attributes are an object", index);
}
