import { OperationError } from "./errors.js";

/** Units handed to String.fromCharCode at once: the engine's limit on arguments is far above. */
const CHUNK = 8192;

/** First bits of the lead byte, by the number of bytes after it. */
const LEADS = [0, 0xc0, 0xe0, 0xf0];

/**
 * The UTF-8 bytes of text; half a surrogate pair becomes U+FFFD, as everywhere on the web.
 * TextEncoder would do, but it is no part of the language, and this package needs nothing else.
 */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    let code = text.charCodeAt(index);
    if (code < 0x80) {
      bytes[length++] = code;
      continue;
    }
    if (code >= 0xd800 && code <= 0xdfff) {
      code = pairAt(text, index);
      if (code > 0xffff) index += 1;
    }
    length = putTail(bytes, length, code);
  }
  return bytes.slice(0, length);
}

/**
 * The text that the bytes [from, to) hold. Strict, so that every text has exactly one encoding.
 * @throws OperationError `malformed` for what is not UTF-8: overlong forms, surrogates, beyond U+10FFFF, cut short
 */
export function decodeUtf8(bytes: Uint8Array, from = 0, to = bytes.length): string {
  if (to > bytes.length) throw notUtf8();
  const pieces: string[] = [];
  let units: number[] = [];
  for (let index = from; index < to; ) {
    const lead = bytes[index] as number;
    const size = lead < 0x80 ? 1 : sizeOf(lead);
    if (index + size > to) throw notUtf8();
    if (size === 1) units.push(lead);
    else pushUnits(units, codePointAt(bytes, index, size));
    index += size;
    if (units.length >= CHUNK) {
      pieces.push(String.fromCharCode(...units));
      units = [];
    }
  }
  pieces.push(String.fromCharCode(...units));
  return pieces.length === 1 ? (pieces[0] as string) : pieces.join("");
}

function pairAt(text: string, index: number): number {
  const code = text.codePointAt(index) as number;
  return code > 0xffff ? code : 0xfffd;
}

function putTail(bytes: Uint8Array, at: number, code: number): number {
  let length = at;
  const tail = code < 0x800 ? 1 : code < 0x1_0000 ? 2 : 3;
  bytes[length++] = (LEADS[tail] as number) | (code >> (6 * tail));
  for (let left = tail - 1; left >= 0; left -= 1) bytes[length++] = 0x80 | ((code >> (6 * left)) & 0x3f);
  return length;
}

function sizeOf(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  throw notUtf8();
}

function codePointAt(bytes: Uint8Array, index: number, size: number): number {
  let code = (bytes[index] as number) & (0x7f >> size);
  for (let offset = 1; offset < size; offset += 1) {
    const next = bytes[index + offset] as number;
    if ((next & 0xc0) !== 0x80) throw notUtf8();
    code = (code << 6) | (next & 0x3f);
  }
  const surrogate = code >= 0xd800 && code <= 0xdfff;
  if (surrogate || code > 0x10_ffff || (size === 3 && code < 0x800) || (size === 4 && code < 0x1_0000)) throw notUtf8();
  return code;
}

function pushUnits(units: number[], code: number): void {
  if (code < 0x1_0000) units.push(code);
  else units.push(0xd800 + ((code - 0x1_0000) >> 10), 0xdc00 + ((code - 0x1_0000) & 0x3ff));
}

const notUtf8 = (): OperationError => new OperationError("malformed", "bytes are not UTF-8");
