import { types } from "pg";

/*
 * Values on their way to and from PostgreSQL.
 *
 * Its text can't hold U+0000, ours can. So text is written with `\0` in its place, and with `\\` for a backslash;
 * nearly all text has neither and can be read with any tool. Whole numbers are bigint there and numbers here: all of
 * ours are below 2^53.
 *
 * Lists go out as binary arrays: one value per column and batch, so that a statement is the same for any number of rows.
 */

const TEXT = types.builtins.TEXT;
const INT8 = types.builtins.INT8;
const FLOAT8 = types.builtins.FLOAT8;
const BYTEA = types.builtins.BYTEA;

/** What a row consists of. */
export type Value = string | number | Uint8Array | null;

/** Text as PostgreSQL can hold it. */
export function toText(text: string): string {
  return /[\0\\]/.test(text) ? text.replaceAll("\\", "\\\\").replaceAll("\0", "\\0") : text;
}

/** The reverse of `toText`. */
export function fromText(text: string): string {
  return text.includes("\\") ? text.replace(/\\([\\0])/g, (_, mark) => (mark === "0" ? "\0" : "\\")) : text;
}

/** A value as a parameter of a statement. */
export const toParameter = (value: Value): Value => (typeof value === "string" ? toText(value) : value);

/** How what PostgreSQL answers becomes a value, by the type of the column. */
export const parsers = {
  getTypeParser(type: number, format?: "text" | "binary"): (text: string) => unknown {
    if (type === TEXT) return fromText;
    if (type === INT8) return Number;
    return types.getTypeParser(type, format as "text");
  },
};

export const textArray = (values: readonly string[]): Buffer => binaryArray(TEXT, values.map(utf8));
export const int8Array = (values: readonly number[]): Buffer => binaryArray(INT8, values.map(int8));
export const float8Array = (values: readonly number[]): Buffer => binaryArray(FLOAT8, values.map(float8));
export const byteaArray = (values: readonly Uint8Array[]): Buffer => binaryArray(BYTEA, values);

const utf8 = (text: string): Buffer => Buffer.from(toText(text));

function int8(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

function float8(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

/** The binary form of a list without nulls: dimensions, has nulls, type, length, first index; then length and bytes of each. */
function binaryArray(type: number, elements: readonly Uint8Array[]): Buffer {
  const head = 20;
  const size = elements.reduce((sum, element) => sum + 4 + element.length, head);
  const array = Buffer.allocUnsafe(size);
  for (const [index, word] of [1, 0, type, elements.length, 1].entries()) array.writeInt32BE(word, index * 4);
  let offset = head;
  for (const element of elements) {
    array.writeInt32BE(element.length, offset);
    array.set(element, offset + 4);
    offset += 4 + element.length;
  }
  return array;
}
