import { decodeUtf8, encodeUtf8 } from "@tutti/ot";
import { TuttiError } from "./errors.js";

/**
 * MessagePack for JSON values: nil, booleans, numbers, text, lists, and maps with text keys; nothing else.
 *
 * General libraries also read the extension types, which build dates, errors, regular expressions, cyclic objects and
 * record definitions out of what a stranger sent. None of that has a place in a message, so none of it is written here.
 */

/** Lists and maps within each other: an operation in a message may nest 32 deep, and its message is around that. */
const DEEPEST = 100;

/**
 * The bytes of a JSON value, each number and length in its shortest form. Members that are undefined are left out.
 * Half a surrogate pair becomes U+FFFD.
 */
export function encodeMessagePack(value: unknown): Uint8Array {
  const out = new Writer();
  write(value, out);
  return out.finish();
}

/**
 * The value that `bytes` hold.
 * @throws TuttiError `malformed_frame`: not exactly one value, an extension, bytes, a key that is no text, nested more
 *   than 100 deep, an integer that a double can't hold, text that is not UTF-8
 */
export function decodeMessagePack(bytes: Uint8Array): unknown {
  const input = new Reader(bytes);
  const value = input.value(DEEPEST);
  if (!input.done) throw malformed("there are bytes behind the message");
  return value;
}

function write(value: unknown, out: Writer): void {
  if (value === null || value === undefined) out.byte(0xc0);
  else if (typeof value === "boolean") out.byte(value ? 0xc3 : 0xc2);
  else if (typeof value === "number") writeNumber(value, out);
  else if (typeof value === "string") writeText(value, out);
  else if (Array.isArray(value)) writeList(value, out);
  else if (typeof value === "object") writeMap(value, out);
  else throw new TuttiError("internal", `a ${typeof value} cannot be sent`);
}

function writeNumber(value: number, out: Writer): void {
  if (!Number.isSafeInteger(value)) out.float(value);
  else if (value >= 0) writeNatural(value, out);
  else if (value >= -0x20) out.byte(value & 0xff);
  else if (value >= -0x80) out.head(0xd0, value & 0xff, 1);
  else if (value >= -0x8000) out.head(0xd1, value & 0xffff, 2);
  else if (value >= -0x8000_0000) out.head(0xd2, value >>> 0, 4);
  else out.negative64(value);
}

function writeNatural(value: number, out: Writer): void {
  if (value < 0x80) out.byte(value);
  else if (value < 0x100) out.head(0xcc, value, 1);
  else if (value < 0x1_0000) out.head(0xcd, value, 2);
  else if (value < 0x1_0000_0000) out.head(0xce, value, 4);
  else out.head(0xcf, value, 8);
}

function writeText(text: string, out: Writer): void {
  const bytes = encodeUtf8(text);
  const length = bytes.length;
  if (length < 0x20) out.byte(0xa0 | length);
  else if (length < 0x100) out.head(0xd9, length, 1);
  else if (length < 0x1_0000) out.head(0xda, length, 2);
  else out.head(0xdb, length, 4);
  out.bytes(bytes);
}

function writeList(list: readonly unknown[], out: Writer): void {
  if (list.length < 0x10) out.byte(0x90 | list.length);
  else if (list.length < 0x1_0000) out.head(0xdc, list.length, 2);
  else out.head(0xdd, list.length, 4);
  for (const entry of list) write(entry, out);
}

function writeMap(object: object, out: Writer): void {
  const entries = Object.entries(object).filter(([, entry]) => entry !== undefined);
  if (entries.length < 0x10) out.byte(0x80 | entries.length);
  else if (entries.length < 0x1_0000) out.head(0xde, entries.length, 2);
  else out.head(0xdf, entries.length, 4);
  for (const [key, entry] of entries) {
    writeText(key, out);
    write(entry, out);
  }
}

class Writer {
  #buffer = new Uint8Array(128);
  #length = 0;

  byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
  }

  /** A type byte and `size` bytes of a number from 0 up, big-endian. */
  head(type: number, value: number, size: number): void {
    this.byte(type);
    this.#reserve(size);
    let rest = value;
    for (let index = this.#length + size - 1; index >= this.#length; index -= 1) {
      this.#buffer[index] = rest % 0x100;
      rest = Math.floor(rest / 0x100);
    }
    this.#length += size;
  }

  float(value: number): void {
    this.byte(0xcb);
    this.#view(8).setFloat64(0, value);
  }

  negative64(value: number): void {
    this.byte(0xd3);
    this.#view(8).setBigInt64(0, BigInt(value));
  }

  bytes(values: Uint8Array): void {
    this.#reserve(values.length);
    this.#buffer.set(values, this.#length);
    this.#length += values.length;
  }

  finish(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }

  #view(size: number): DataView {
    this.#reserve(size);
    this.#length += size;
    return new DataView(this.#buffer.buffer, this.#length - size, size);
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.#position === this.#bytes.length;
  }

  value(depth: number): unknown {
    const type = this.#view.getUint8(this.#skip(1));
    if (type < 0x80) return type;
    if (type < 0x90) return this.#map(type & 0x0f, depth);
    if (type < 0xa0) return this.#list(type & 0x0f, depth);
    if (type < 0xc0) return this.#text(type & 0x1f);
    return type >= 0xe0 ? type - 0x100 : this.#long(type, depth);
  }

  #long(type: number, depth: number): unknown {
    switch (type) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#natural(type - 0xd9));
      case 0xdc:
      case 0xdd:
        return this.#list(this.#natural(type - 0xdb), depth);
      case 0xde:
      case 0xdf:
        return this.#map(this.#natural(type - 0xdd), depth);
      default:
        return this.#number(type);
    }
  }

  #number(type: number): number {
    const view = this.#view;
    switch (type) {
      case 0xca:
        return view.getFloat32(this.#skip(4));
      case 0xcb:
        return view.getFloat64(this.#skip(8));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#natural(type - 0xcc);
      case 0xcf:
        return safe(view.getBigUint64(this.#skip(8)));
      case 0xd0:
        return view.getInt8(this.#skip(1));
      case 0xd1:
        return view.getInt16(this.#skip(2));
      case 0xd2:
        return view.getInt32(this.#skip(4));
      case 0xd3:
        return safe(view.getBigInt64(this.#skip(8)));
      default:
        throw malformed(`the type 0x${type.toString(16)} does not belong in a message`);
    }
  }

  /** An unsigned number of 1, 2 or 4 bytes (`size` 0, 1 or 2). */
  #natural(size: number): number {
    if (size === 0) return this.#view.getUint8(this.#skip(1));
    return size === 1 ? this.#view.getUint16(this.#skip(2)) : this.#view.getUint32(this.#skip(4));
  }

  #text(length: number): string {
    const start = this.#skip(length);
    try {
      return decodeUtf8(this.#bytes, start, start + length);
    } catch {
      throw malformed("text is not UTF-8");
    }
  }

  #list(count: number, depth: number): readonly unknown[] {
    this.#enter(count, depth);
    const list: unknown[] = [];
    for (let index = 0; index < count; index += 1) list.push(this.value(depth - 1));
    return list;
  }

  #map(count: number, depth: number): Readonly<Record<string, unknown>> {
    this.#enter(count * 2, depth);
    const entries: [string, unknown][] = [];
    for (let index = 0; index < count; index += 1) {
      const key = this.value(0);
      if (typeof key !== "string") throw malformed("a key is not text");
      entries.push([key, this.value(depth - 1)]);
    }
    // Defines each member where an assignment to "__proto__" would call a setter.
    return Object.fromEntries(entries);
  }

  /** Every value takes a byte at least, so a count beyond the end is refused before anything is built for it. */
  #enter(count: number, depth: number): void {
    if (depth <= 0) throw malformed("nested too deeply");
    if (count > this.#bytes.length - this.#position) throw malformed("the frame ends too early");
  }

  /** Moves on and returns where it was. */
  #skip(count: number): number {
    const start = this.#position;
    if (count > this.#bytes.length - start) throw malformed("the frame ends too early");
    this.#position += count;
    return start;
  }
}

function safe(value: bigint): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw malformed("an integer is too large");
}

const malformed = (reason: string): TuttiError => new TuttiError("malformed_frame", reason);
