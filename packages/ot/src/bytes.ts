import { OperationError } from "./errors.js";
import { decodeUtf8 } from "./utf8.js";

/** Bytes of a varint at most: 2^53 - 1 takes eight groups of seven bits. */
const LONGEST_VARINT = 8;

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

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
  }
}

/** Reads what `ByteWriter` wrote, and nothing else: anything that it never writes is an OperationError `malformed`. */
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
    for (let size = 1; size <= LONGEST_VARINT; size += 1) {
      const next = this.byte();
      value += (next & 0x7f) * factor;
      if (next === 0 && size > 1) throw new OperationError("malformed", "a number is longer than it needs to be");
      if (next < 0x80 && value <= Number.MAX_SAFE_INTEGER) return value;
      factor *= 0x80;
    }
    throw new OperationError("malformed", "a number is too large");
  }

  /** The next `length` bytes, not copied. */
  bytes(length: number): Uint8Array {
    const end = this.#position + length;
    if (end > this.#bytes.length) throw new OperationError("malformed", "bytes end too early");
    const read = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return read;
  }

  /** All that is left, not copied. */
  rest(): Uint8Array {
    return this.bytes(this.#bytes.length - this.#position);
  }

  /** Text of `length` bytes. */
  utf8(length: number): string {
    const start = this.#position;
    this.#position += length;
    return decodeUtf8(this.#bytes, start, this.#position);
  }
}
