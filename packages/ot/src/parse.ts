import { type Attributes, copyAttributes, type JsonValue, withoutNulls } from "./attributes.js";
import { OperationError } from "./errors.js";
import { DEFAULT_OPERATION_LIMITS, type OperationLimits, UNLIMITED } from "./limits.js";
import { checkAttributes, checkEmbed, normalForm, normalise } from "./normal-form.js";
import {
  type Component,
  componentLength,
  type Embed,
  isInsert,
  isPlainRetain,
  isRetain,
  lengthOfSkipped,
  type Operation,
  type Retain,
  type Skipped,
} from "./operation.js";
import { loneSurrogateAt } from "./unicode.js";

/** Longest document that lengths may speak of, in units: more than any string that a JavaScript engine can hold. */
const LONGEST = 0x7fff_ffff;

/**
 * Turns untrusted JSON into an operation in normal form that shares nothing with `json`. Accepts a list of components,
 * or Quill's `{ ops: [...] }`. Unknown keys of a component are ignored; a null value removes an attribute in a retain
 * and means nothing in an insert. Quill's `{ retain: embed }` is a change of one embed. An object with none of the three
 * keys but a `length` is a component of a kind to come, and is kept as such (E10): see `Skipped`.
 *
 * @throws OperationError naming the first offending component: `malformed`, `lone_surrogate`, `too_large`, `too_deep`;
 *   `out_of_range` for lengths beyond any document
 */
export function parseOperation(json: unknown, limits: OperationLimits = DEFAULT_OPERATION_LIMITS): Operation {
  return normalise(parseList(json, limits));
}

/**
 * As `parseOperation`, for the content of a document: inserts only, of any size. The bit `continues` is about edits and
 * is left out.
 * @throws OperationError as `parseOperation`; `malformed` for a retain or a delete
 */
export function parseDocument(json: unknown): Operation {
  const contents = parseList(json, UNLIMITED).map((part, index) => {
    if (!isInsert(part)) throw new OperationError("malformed", "a document holds inserts only", index);
    const { continues: _edit, ...content } = part;
    return content;
  });
  return normalise(contents);
}

/**
 * The operation as JSON for everybody else: Delta as Quill writes it, and components of kinds to come as they came.
 * Law: `parseOperation(operationToJson(a))` equals `a` in normal form. (`JSON.stringify` of an operation is read by
 * `parseOperation` as well, but by nobody else.)
 */
export function operationToJson(operation: Operation): readonly JsonValue[] {
  return normalForm(operation).map(componentToJson);
}

/** A piece that was cut off a skipped component has no other spelling than ours. */
export function componentToJson(part: Component): JsonValue {
  if (!isRetain(part)) return part as unknown as JsonValue;
  const { retain, change, skipped, ...rest } = part;
  if (skipped !== undefined) {
    const whole =
      isPlainRetain({ retain, ...rest }) && change === undefined && retain === lengthOfSkipped(skipped.component);
    return whole ? skipped.component : (part as unknown as JsonValue);
  }
  return change === undefined ? { retain, ...rest } : { retain: change, ...rest };
}

function parseList(json: unknown, limits: OperationLimits): readonly Component[] {
  const list = typeof json === "object" && json !== null && "ops" in json ? json.ops : json;
  if (!Array.isArray(list)) throw new OperationError("malformed", "an operation is a list of components");
  if (list.length > limits.components) {
    throw new OperationError("too_large", `more than ${limits.components} components`, limits.components);
  }
  let reached = 0;
  return Array.from(list as readonly unknown[], (part, index) => {
    const parsed = parseComponent(part, index, limits);
    if (!isInsert(parsed)) reached += componentLength(parsed);
    if (reached > LONGEST) throw new OperationError("out_of_range", "reaches behind the end of any document", index);
    return parsed;
  });
}

function parseComponent(part: unknown, index: number, limits: OperationLimits): Component {
  if (!isRecord(part)) throw new OperationError("malformed", "not an object", index);
  const kinds = ["insert", "retain", "delete"].filter((kind) => Object.hasOwn(part, kind));
  if (kinds.length === 0 && Object.hasOwn(part, "length")) return parseSkipped(part, index, limits);
  if (kinds.length !== 1) {
    throw new OperationError("malformed", "needs exactly one of insert, retain, delete", index);
  }
  if (kinds[0] === "delete") return { delete: parseLength(part["delete"], index) };
  const attributes = parseAttributes(part["attributes"], kinds[0] === "retain", index, limits);
  const formatting = attributes === undefined ? undefined : { attributes };
  if (kinds[0] === "retain") return { ...parseRetain(part, index, limits), ...formatting };
  const continues = parseContinues(part["continues"], index);
  return { insert: parseContent(part["insert"], index, limits), ...formatting, ...continues };
}

/** Of a kind to come: nothing is known but how many units it is about, and that it is JSON. */
function parseSkipped(part: Record<string, unknown>, index: number, limits: OperationLimits): Retain {
  const retain = parseLength(part["length"], index);
  return { retain, skipped: { component: parseJson(part, index, limits) as Attributes, from: 0 } };
}

function parseRetain(part: Record<string, unknown>, index: number, limits: OperationLimits): Retain {
  const { retain, change, skipped } = part;
  if (isRecord(retain)) return { retain: 1, change: parseEmbed(retain, index, limits) };
  return {
    retain: parseLength(retain, index),
    ...(change === undefined ? undefined : { change: parseEmbed(change, index, limits) }),
    ...(skipped === undefined ? undefined : { skipped: parsePiece(skipped, index, limits) }),
  };
}

/** A piece of a component of a kind to come. That it fits the retain is checked by `normalise`. */
function parsePiece(value: unknown, index: number, limits: OperationLimits): Skipped {
  const { component, from } = isRecord(value) ? value : {};
  if (isRecord(component) && typeof from === "number") {
    return { component: parseJson(component, index, limits) as Attributes, from };
  }
  throw new OperationError("malformed", "skipped is a component and a number", index);
}

function parseLength(value: unknown, index: number): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value;
  throw new OperationError("malformed", "a length is a positive integer", index);
}

function parseContinues(value: unknown, index: number): { continues: true } | undefined {
  if (value === undefined || value === false || value === null) return undefined;
  if (value === true) return { continues: true };
  throw new OperationError("malformed", "continues is true or left out", index);
}

function parseContent(value: unknown, index: number, limits: OperationLimits): string | Embed {
  return typeof value === "string" ? parseText(value, index, limits) : parseEmbed(value, index, limits);
}

function parseEmbed(value: unknown, index: number, limits: OperationLimits): Embed {
  checkEmbed(value, index);
  return parseJson(value, index, limits) as Embed;
}

function parseText(text: string, index: number, limits: OperationLimits): string {
  if (text === "") throw new OperationError("malformed", "an insert is not empty", index);
  if (text.length > limits.insertLength) {
    throw new OperationError("too_large", `inserts ${text.length} units, at most ${limits.insertLength}`, index);
  }
  const lone = loneSurrogateAt(text);
  if (lone >= 0) throw new OperationError("lone_surrogate", `half a surrogate pair at unit ${lone}`, index);
  return text;
}

function parseAttributes(
  value: unknown,
  allowNull: boolean,
  index: number,
  limits: OperationLimits,
): Attributes | undefined {
  checkAttributes(value, index);
  if (value === undefined || value === null) return undefined;
  const attributes = parseJson(value, index, limits) as Attributes;
  return allowNull ? copyAttributes(attributes) : withoutNulls(attributes);
}

function parseJson(value: unknown, index: number, limits: OperationLimits): JsonValue {
  const copy = copyJson(value, limits.jsonDepth, index);
  const size = JSON.stringify(copy).length;
  if (size <= limits.jsonLength) return copy;
  throw new OperationError("too_large", `${size} units of attributes or embed, at most ${limits.jsonLength}`, index);
}

function copyJson(value: unknown, depth: number, index: number): JsonValue {
  if (isJsonLeaf(value)) return value;
  if (typeof value === "string") return copyText(value, index);
  if (!Array.isArray(value) && !isRecord(value)) throw new OperationError("malformed", "not JSON", index);
  if (depth <= 0) throw new OperationError("too_deep", "attributes or embed nested too deeply", index);
  if (Array.isArray(value))
    return Array.from(value as readonly unknown[], (entry) => copyJson(entry, depth - 1, index));
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([key, entry]) => [copyText(key, index), copyJson(entry, depth - 1, index)]));
}

function copyText(text: string, index: number): string {
  if (loneSurrogateAt(text) >= 0) throw new OperationError("lone_surrogate", "in attributes or embed", index);
  return text;
}

function isJsonLeaf(value: unknown): value is null | boolean | number {
  return value === null || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));
}

/** A plain object: not an array, not bytes, not a date. */
function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
