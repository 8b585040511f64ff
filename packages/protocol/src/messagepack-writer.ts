import { TuttiError } from "./errors.js";

/** Bytes that are kept from message to message; a larger buffer goes when its message is done. */
const KEPT_BUFFER = 0x4000;

/** Units up to which a loop is quicker than a call to the platform. */
const SHORT_TEXT = 64;

/** Of the Encoding Standard: every browser and Node have it, but it is no part of the language. */
declare const TextEncoder: new () => {
  encode(text: string): Uint8Array;
  encodeInto(text: string, target: Uint8Array): { readonly written: number };
};
const utf8 = new TextEncoder();

/** Room for the bytes of one short text: a list of its own for each of them would cost more than the encoding. */
const scratch = new Uint8Array(SHORT_TEXT * 3);
const shortUtf8 = (text: string): Uint8Array => scratch.subarray(0, utf8.encodeInto(text, scratch).written);

/** A value that is encoded already: it goes into whatever holds it byte by byte. */
export class Encoded {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** Writes one JSON value after the other into the same buffer. */
export class MessagePackWriter {
  #buffer = new Uint8Array(KEPT_BUFFER);
  #length = 0;

  encode(value: unknown): Uint8Array {
    // Not 0 if a getter of a value encodes something itself: its bytes come and go behind those of the value.
    const start = this.#length;
    try {
      this.#value(value);
      return this.#buffer.slice(start, this.#length);
    } finally {
      this.#length = start;
      if (start === 0 && this.#buffer.length > KEPT_BUFFER) this.#buffer = new Uint8Array(KEPT_BUFFER);
    }
  }

  #value(value: unknown): void {
    if (typeof value === "string") this.#text(value);
    else if (typeof value === "number") this.#number(value);
    else if (value === null || value === undefined) this.#byte(0xc0);
    else if (typeof value === "boolean") this.#byte(value ? 0xc3 : 0xc2);
    else if (Array.isArray(value)) this.#list(value);
    else if (value instanceof Encoded) this.#copy(value.bytes);
    else if (typeof value === "object") this.#map(value as Readonly<Record<string, unknown>>);
    else throw new TuttiError("internal", `a ${typeof value} cannot be sent`);
  }

  #number(value: number): void {
    if (!Number.isSafeInteger(value)) this.#double(value);
    else if (value >= 0) this.#natural(value);
    else if (value >= -0x20) this.#byte(value);
    else if (value >= -0x80) this.#head(0xd0, value, 1);
    else if (value >= -0x8000) this.#head(0xd1, value, 2);
    else if (value >= -0x8000_0000) this.#head(0xd2, value, 4);
    else this.#head(0xd3, value, 8);
  }

  #natural(value: number): void {
    if (value < 0x80) this.#byte(value);
    else if (value < 0x100) this.#head(0xcc, value, 1);
    else if (value < 0x1_0000) this.#head(0xcd, value, 2);
    else if (value < 0x1_0000_0000) this.#head(0xce, value, 4);
    else this.#head(0xcf, value, 8);
  }

  #double(value: number): void {
    this.#byte(0xcb);
    this.#reserve(8);
    new DataView(this.#buffer.buffer).setFloat64(this.#length, value);
    this.#length += 8;
  }

  #text(text: string): void {
    if (text.length <= SHORT_TEXT && this.#ascii(text)) return;
    const bytes = text.length <= SHORT_TEXT ? shortUtf8(text) : utf8.encode(text);
    this.#textHead(bytes.length);
    this.#copy(bytes);
  }

  #copy(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Writes text that is ASCII; for other text it writes nothing and returns false. */
  #ascii(text: string): boolean {
    const before = this.#length;
    this.#textHead(text.length);
    this.#reserve(text.length);
    const buffer = this.#buffer;
    const start = this.#length;
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit >= 0x80) {
        this.#length = before;
        return false;
      }
      buffer[start + index] = unit;
    }
    this.#length = start + text.length;
    return true;
  }

  #textHead(length: number): void {
    if (length < 0x20) this.#byte(0xa0 | length);
    else if (length < 0x100) this.#head(0xd9, length, 1);
    else if (length < 0x1_0000) this.#head(0xda, length, 2);
    else this.#head(0xdb, length, 4);
  }

  #list(list: readonly unknown[]): void {
    if (list.length < 0x10) this.#byte(0x90 | list.length);
    else if (list.length < 0x1_0000) this.#head(0xdc, list.length, 2);
    else this.#head(0xdd, list.length, 4);
    for (const entry of list) this.#value(entry);
  }

  #map(map: Readonly<Record<string, unknown>>): void {
    const keys = Object.keys(map);
    let count = 0;
    for (const key of keys) if (map[key] !== undefined) count += 1;
    if (count < 0x10) this.#byte(0x80 | count);
    else if (count < 0x1_0000) this.#head(0xde, count, 2);
    else this.#head(0xdf, count, 4);
    for (const key of keys) {
      const value = map[key];
      if (value === undefined) continue;
      this.#text(key);
      this.#value(value);
    }
  }

  /** The lowest eight bits of an integer. */
  #byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
  }

  /** A type byte and the lowest `size` bytes (1, 2, 4 or 8) of an integer, big-endian, negative as two's complement. */
  #head(type: number, value: number, size: number): void {
    this.#byte(type);
    // Shifts see the lower 32 bits only, whatever the number.
    if (size === 8) this.#bytes(Math.floor(value / 0x1_0000_0000), 4);
    this.#bytes(value, Math.min(size, 4));
  }

  #bytes(value: number, size: number): void {
    this.#reserve(size);
    for (let shift = (size - 1) * 8; shift >= 0; shift -= 8) this.#buffer[this.#length++] = value >> shift;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
  }
}
