import type { Attributes, JsonValue } from "./attributes.js";
import { ByteReader, ByteWriter } from "./bytes.js";
import { OperationError } from "./errors.js";
import { UNLIMITED } from "./limits.js";
import { normalForm } from "./normal-form.js";
import { type Component, type Embed, isDelete, isRetain, type Operation } from "./operation.js";
import { componentToJson, parseOperation } from "./parse.js";
import { encodeUtf8 } from "./utf8.js";

/**
 * The binary form of an operation: one byte of format version, then the components.
 *
 *     component := varint(value * 8 + kind * 2 + hasAttributes) payload? attributes?
 *     kind 0 retain (value units) · 1 delete (value units)
 *          2 text (value = bytes * 2 + continues; payload UTF-8) · 3 embed (value = bytes * 2 + continues; payload JSON)
 *     attributes := varint(bytes) JSON
 *
 * A keystroke in the middle of a document of 100 MB takes eight bytes, in that of a page five.
 *
 * Version 2 has one component more: kind 1 with the flag set (value = bytes; payload JSON as of `operationToJson`), for
 * changes of embeds and for kinds to come. It is written only where there is one, so that engines which know version 1
 * alone read everything else.
 */
const PLAIN_VERSION = 1;
const EXTENDED_VERSION = 2;
const RETAIN = 0;
const DELETE = 1;
const TEXT = 2;
const EMBED = 3;

/**
 * The bytes of an operation. Law: `decodeOperation(encodeOperation(op))` equals `op` in normal form.
 * @throws OperationError `malformed` for what is no list of components
 */
export function encodeOperation(operation: Operation): Uint8Array {
  const out = new ByteWriter();
  const parts = normalForm(operation);
  out.byte(parts.some(isExtended) ? EXTENDED_VERSION : PLAIN_VERSION);
  for (const part of parts) encodeComponent(part, out);
  return out.finish();
}

/**
 * The operation in `bytes`, validated like untrusted JSON (but of any size) and in normal form.
 * @throws OperationError `unsupported_version`, `malformed` for bytes that no encoder wrote, or as `parseOperation`
 */
export function decodeOperation(bytes: Uint8Array): Operation {
  const input = new ByteReader(bytes);
  const version = input.byte();
  if (version !== PLAIN_VERSION && version !== EXTENDED_VERSION) {
    throw new OperationError("unsupported_version", `operation format ${version}, this engine reads 1 and 2`);
  }
  const parts: unknown[] = [];
  while (!input.done) parts.push(decodeComponent(input, version));
  return parseOperation(parts, UNLIMITED);
}

const isExtended = (part: Component): boolean =>
  isRetain(part) && (part.change !== undefined || part.skipped !== undefined);

function encodeComponent(part: Component, out: ByteWriter): void {
  if (isDelete(part)) {
    out.varint(part.delete * 8 + DELETE * 2);
    return;
  }
  if (isExtended(part)) {
    const json = encodeUtf8(JSON.stringify(componentToJson(part)));
    out.varint(json.length * 8 + DELETE * 2 + 1);
    out.bytes(json);
    return;
  }
  const flag = part.attributes === undefined ? 0 : 1;
  if (isRetain(part)) {
    out.varint(part.retain * 8 + RETAIN * 2 + flag);
  } else {
    const kind = typeof part.insert === "string" ? TEXT : EMBED;
    const payload = encodeUtf8(typeof part.insert === "string" ? part.insert : JSON.stringify(part.insert));
    const value = payload.length * 2 + (part.continues === true ? 1 : 0);
    out.varint(value * 8 + kind * 2 + flag);
    out.bytes(payload);
  }
  if (part.attributes !== undefined) {
    const json = encodeUtf8(JSON.stringify(part.attributes));
    out.varint(json.length);
    out.bytes(json);
  }
}

function decodeComponent(input: ByteReader, version: number): unknown {
  const head = input.varint();
  const value = Math.floor(head / 8);
  const kind = (head >>> 1) & 3;
  if (kind === DELETE && (head & 1) === 1) {
    if (version === PLAIN_VERSION) throw new OperationError("malformed", "a delete has no attributes");
    return parseObject(input.utf8(value));
  }
  if (kind === DELETE) return { delete: value };
  const payload = kind === RETAIN ? "" : input.utf8(Math.floor(value / 2));
  const attributes = (head & 1) === 0 ? undefined : { attributes: parseObject(input.utf8(input.varint())) };
  if (kind === RETAIN) return { retain: value, ...attributes };
  const content = kind === TEXT ? payload : parseObject(payload);
  return { insert: content, ...attributes, ...(value % 2 === 1 ? { continues: true as const } : undefined) };
}

function parseObject(text: string): Attributes & Embed {
  const value = parseJson(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Attributes;
  throw new OperationError("malformed", "bytes hold JSON that is no object");
}

function parseJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw new OperationError("malformed", "bytes hold broken JSON");
  }
}
