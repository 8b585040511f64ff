import type { Attributes, JsonValue } from "./attributes.js";
import { OperationError } from "./errors.js";
import { DEFAULT_OPERATION_LIMITS, type OperationLimits, UNLIMITED } from "./limits.js";
import { type Component, type Embed, isInsert, normalise, type Operation } from "./operation.js";
import { loneSurrogateAt } from "./unicode.js";

/**
 * Turns untrusted JSON into an operation in normal form. Accepts a list of components, or Quill's `{ ops: [...] }`.
 *
 * @throws OperationError naming the first offending component: `malformed`, `lone_surrogate`, `too_large`, `too_deep`
 */
export function parseOperation(json: unknown, limits: OperationLimits = DEFAULT_OPERATION_LIMITS): Operation {
  const list = isRecord(json) && Array.isArray(json["ops"]) ? json["ops"] : json;
  if (!Array.isArray(list)) throw new OperationError("malformed", "an operation is a list of components");
  if (list.length > limits.components) {
    throw new OperationError("too_large", `more than ${limits.components} components`, limits.components);
  }
  return normalise(list.map((part: unknown, index) => parseComponent(part, index, limits)));
}

/**
 * As `parseOperation`, for the content of a document: inserts only, of any size.
 * @throws OperationError as `parseOperation`; `malformed` for a retain or a delete
 */
export function parseDocument(json: unknown): Operation {
  const content = parseOperation(json, UNLIMITED);
  const other = content.findIndex((part) => !isInsert(part));
  if (other >= 0) throw new OperationError("malformed", "a document holds inserts only", other);
  return content;
}

function parseComponent(part: unknown, index: number, limits: OperationLimits): Component {
  if (!isRecord(part)) throw new OperationError("malformed", "not an object", index);
  const kinds = ["insert", "retain", "delete"].filter((kind) => Object.hasOwn(part, kind));
  if (kinds.length !== 1) {
    throw new OperationError("malformed", "needs exactly one of insert, retain, delete", index);
  }
  if (kinds[0] === "delete") return { delete: parseLength(part["delete"], index) };
  const attributes = parseAttributes(part["attributes"], kinds[0] === "retain", index, limits);
  const formatting = attributes === undefined ? undefined : { attributes };
  if (kinds[0] === "retain") return { retain: parseLength(part["retain"], index), ...formatting };
  const continues = parseContinues(part["continues"], index);
  return { insert: parseContent(part["insert"], index, limits), ...formatting, ...continues };
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
  if (typeof value === "string") return parseText(value, index, limits);
  if (!isRecord(value) || Object.keys(value).length !== 1) {
    throw new OperationError("malformed", "an insert is text or an object with one key", index);
  }
  checkJson(value, index, limits);
  return value as Embed;
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
  if (value === undefined || value === null) return undefined;
  if (!isRecord(value)) throw new OperationError("malformed", "attributes are an object", index);
  checkJson(value, index, limits);
  const entries = Object.entries(value).filter(([, entry]) => allowNull || entry !== null);
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as Attributes);
}

function checkJson(value: unknown, index: number, limits: OperationLimits): asserts value is JsonValue {
  checkDepth(value, limits.jsonDepth, index);
  const size = JSON.stringify(value).length;
  if (size > limits.jsonLength) {
    throw new OperationError("too_large", `${size} units of attributes or embed, at most ${limits.jsonLength}`, index);
  }
}

function checkDepth(value: unknown, depth: number, index: number): void {
  if (isJsonLeaf(value)) return;
  if (typeof value === "string") {
    if (loneSurrogateAt(value) >= 0) throw new OperationError("lone_surrogate", "in attributes or embed", index);
    return;
  }
  if (!Array.isArray(value) && !isRecord(value)) throw new OperationError("malformed", "not JSON", index);
  if (depth <= 0) throw new OperationError("too_deep", "attributes or embed nested too deeply", index);
  for (const [key, entry] of Object.entries(value)) {
    checkDepth(key, depth, index);
    checkDepth(entry, depth - 1, index);
  }
}

function isJsonLeaf(value: unknown): boolean {
  return value === null || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));
}

/** A plain object: not an array, not bytes, not a date. */
function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
