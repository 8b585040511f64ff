import { TuttiError } from "./errors.js";

/** Lists and maps within each other: an operation in a message may nest 32 deep, and its message is around that. */
const DEEPEST = 100;

/** Bytes up to which a loop is quicker than a call to the platform. */
const SHORT_TEXT = 24;

/** Of the Encoding Standard: every browser and Node have it, but it is no part of the language. */
declare const TextDecoder: new (
  label: "utf-8",
  options: { readonly fatal: true; readonly ignoreBOM: true },
) => { decode(bytes: Uint8Array): string };
/** "Ignoring" the byte order mark means that U+FEFF in front is text like any other: without, it would be lost. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Short ASCII texts that were read lately, one for each hash: keys, and the ids that stand in every message. */
const KNOWN_TEXTS = 512;
const knownTexts: string[] = new Array<string>(KNOWN_TEXTS).fill("");

/** Reads one value from untrusted bytes. */
export class MessagePackReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  decode(): unknown {
    const value = this.#value(DEEPEST);
    if (this.#position < this.#bytes.length) throw malformed("there are bytes behind the message");
    return value;
  }

  #value(depth: number): unknown {
    const type = this.#byte();
    if (type < 0x80) return type;
    if (type < 0x90) return this.#map(type & 0x0f, depth);
    if (type < 0xa0) return this.#list(type & 0x0f, depth);
    if (type < 0xc0) return this.#shortText(type & 0x1f);
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
    switch (type) {
      case 0xca:
        return this.#view(4).getFloat32(0);
      case 0xcb:
        return this.#view(8).getFloat64(0);
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#natural(type - 0xcc);
      case 0xcf:
        return safe(this.#natural(2), this.#natural(2));
      case 0xd0:
        return (this.#natural(0) << 24) >> 24;
      case 0xd1:
        return (this.#natural(1) << 16) >> 16;
      case 0xd2:
        return this.#natural(2) | 0;
      case 0xd3:
        return safe(this.#natural(2) | 0, this.#natural(2));
      default:
        throw malformed(`the type 0x${type.toString(16)} does not belong in a message`);
    }
  }

  /** An unsigned number of 1, 2 or 4 bytes (`size` 0, 1 or 2). */
  #natural(size: number): number {
    if (size === 0) return this.#byte();
    const upper = (this.#byte() << 8) | this.#byte();
    return size === 1 ? upper : upper * 0x1_0000 + ((this.#byte() << 8) | this.#byte());
  }

  #text(length: number): string {
    const start = this.#skip(length);
    const end = start + length;
    const ascii = length <= SHORT_TEXT ? this.#ascii(start, end) : undefined;
    if (ascii !== undefined) return ascii;
    try {
      return utf8.decode(this.#bytes.subarray(start, end));
    } catch {
      throw malformed("text is not UTF-8");
    }
  }

  /** The text where it is ASCII, otherwise undefined. */
  #ascii(start: number, end: number): string | undefined {
    const bytes = this.#bytes;
    const units: number[] = [];
    for (let index = start; index < end; index += 1) {
      const unit = bytes[index] ?? 0;
      if (unit >= 0x80) return undefined;
      units.push(unit);
    }
    return String.fromCharCode(...units);
  }

  #key(): string {
    const type = this.#byte();
    if (type >= 0xa0 && type < 0xc0) return this.#shortText(type & 0x1f);
    if (type < 0xd9 || type > 0xdb) throw malformed("a key is not text");
    return this.#text(this.#natural(type - 0xd9));
  }

  /** The same few keys and ids come all the time: one that is known is compared, not built again. */
  #shortText(length: number): string {
    if (length < 2) return this.#text(length);
    const bytes = this.#bytes;
    const start = this.#position;
    const slot = slotOf(length, bytes[start] ?? 0, bytes[start + (length >> 1)] ?? 0, bytes[start + length - 1] ?? 0);
    const known = knownTexts[slot];
    if (known?.length === length && this.#holds(known, start)) {
      this.#position += length;
      return known;
    }
    const text = this.#text(length);
    // Only ASCII has as many units as bytes.
    if (text.length === length) knownTexts[slot] = text;
    return text;
  }

  #holds(ascii: string, start: number): boolean {
    const bytes = this.#bytes;
    for (let index = 0; index < ascii.length; index += 1) {
      if (bytes[start + index] !== ascii.charCodeAt(index)) return false;
    }
    return true;
  }

  /** Grows as its entries come: a count costs the sender nothing, so nothing is reserved for it. */
  #list(count: number, depth: number): readonly unknown[] {
    if (depth === 0) throw tooDeep();
    const list: unknown[] = [];
    for (let index = 0; index < count; index += 1) list.push(this.#value(depth - 1));
    return list;
  }

  #map(count: number, depth: number): Readonly<Record<string, unknown>> {
    if (depth === 0) throw tooDeep();
    const map: Record<string, unknown> = {};
    for (let index = 0; index < count; index += 1) {
      const key = this.#key();
      const value = this.#value(depth - 1);
      if (key === "__proto__") define(map, key, value);
      else map[key] = value;
    }
    return map;
  }

  /** The next byte. */
  #byte(): number {
    const byte = this.#bytes[this.#position];
    if (byte === undefined) throw cutShort();
    this.#position += 1;
    return byte;
  }

  #view(size: number): DataView {
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#skip(size), size);
  }

  /** Moves on by `count` bytes and returns where it was. */
  #skip(count: number): number {
    const start = this.#position;
    if (count > this.#bytes.length - start) throw cutShort();
    this.#position += count;
    return start;
  }
}

const slotOf = (length: number, first: number, middle: number, last: number): number =>
  (length + first * 3 + middle * 31 + last * 7) % KNOWN_TEXTS;

/** An own member, where an assignment to "__proto__" would call a setter. */
function define(map: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(map, key, { value, configurable: true, enumerable: true, writable: true });
}

function safe(high: number, low: number): number {
  const number = high * 0x1_0000_0000 + low;
  if (Number.isSafeInteger(number)) return number;
  throw malformed("an integer is too large");
}

const malformed = (reason: string): TuttiError => new TuttiError("malformed_frame", reason);
const cutShort = (): TuttiError => malformed("the frame ends too early");
const tooDeep = (): TuttiError => malformed("nested too deeply");
