import { OperationError } from "./errors.js";

/** Grows as it is written to. Varints are little-endian base 128, up to 2^53 - 1. */
export class ByteWriter {
  #buffer = new Uint8Array(32);
  #length = 0;

  byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length] = value;
    this.#length += 1;
  }

  varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  bytes(values: Uint8Array): void {
    this.#reserve(values.length);
    this.#buffer.set(values, this.#length);
    this.#length += values.length;
  }

  finish(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }

  /** UTF-8 of well-formed text. TextEncoder is not part of the language, and this package needs nothing else. */
  static utf8(text: string): Uint8Array {
    const out = new ByteWriter();
    for (const character of text) {
      const code = character.codePointAt(0) ?? 0;
      if (code < 0x80) out.byte(code);
      else if (code < 0x800) out.#tail(0xc0 | (code >> 6), code, 1);
      else if (code < 0x1_0000) out.#tail(0xe0 | (code >> 12), code, 2);
      else out.#tail(0xf0 | (code >> 18), code, 3);
    }
    return out.finish();
  }

  #tail(lead: number, code: number, count: number): void {
    this.byte(lead);
    for (let left = count - 1; left >= 0; left -= 1) this.byte(0x80 | ((code >> (6 * left)) & 0x3f));
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
  }
}

/** Reads what `ByteWriter` wrote; every read behind the end is a typed error. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#position >= this.#bytes.length;
  }

  byte(): number {
    const value = this.#bytes[this.#position];
    if (value === undefined) throw new OperationError("malformed", "bytes end too early");
    this.#position += 1;
    return value;
  }

  varint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const next = this.byte();
      value += (next & 0x7f) * factor;
      if (value > Number.MAX_SAFE_INTEGER) throw new OperationError("malformed", "a number is too large");
      if (next < 0x80) return value;
      factor *= 0x80;
    }
  }

  /** Text of `length` bytes. */
  utf8(length: number): string {
    const end = this.#position + length;
    if (end > this.#bytes.length) throw new OperationError("malformed", "bytes end too early");
    const pieces: string[] = [];
    while (this.#position < end) pieces.push(String.fromCodePoint(this.#codePoint()));
    return pieces.join("");
  }

  #codePoint(): number {
    const lead = this.byte();
    if (lead < 0x80) return lead;
    const count = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    let code = lead & (0x3f >> count);
    for (let left = count; left > 0; left -= 1) code = (code << 6) | (this.byte() & 0x3f);
    if (code > 0x10_ffff) throw new OperationError("malformed", "bytes are not UTF-8");
    return code;
  }
}
