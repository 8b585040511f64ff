import type { Frame } from "@tutti/protocol";

const FINAL_TEXT = 0x81;
const FINAL_BINARY = 0x82;
const TWO_BYTES = 126;
const EIGHT_BYTES = 127;

const known = new WeakMap<Uint8Array, Uint8Array>();
/** A string can't be the key of a weak map; but all receivers of one are served in a row. */
let newest: { readonly text: string; readonly frame: Uint8Array } | undefined;

/**
 * A message as a WebSocket frame from a server (RFC 6455, 5.2: final, text or binary, not masked). Made once for each
 * message, however many sockets it goes to. The message must not change any more.
 */
export function outgoingFrame(message: Frame): Uint8Array {
  return typeof message === "string" ? textFrame(message) : binaryFrame(message);
}

function binaryFrame(message: Uint8Array): Uint8Array {
  const made = known.get(message);
  if (made !== undefined) return made;
  const frame = withHead(FINAL_BINARY, message);
  known.set(message, frame);
  return frame;
}

function textFrame(text: string): Uint8Array {
  if (newest?.text !== text) newest = { text, frame: withHead(FINAL_TEXT, Buffer.from(text)) };
  return newest.frame;
}

function withHead(kind: number, message: Uint8Array): Uint8Array {
  const { length } = message;
  const extended = length < TWO_BYTES ? 0 : length < 0x1_0000 ? 2 : 8;
  const frame = Buffer.allocUnsafe(2 + extended + length);
  frame[0] = kind;
  frame[1] = extended === 0 ? length : extended === 2 ? TWO_BYTES : EIGHT_BYTES;
  if (extended === 2) frame.writeUInt16BE(length, 2);
  if (extended === 8) frame.writeBigUInt64BE(BigInt(length), 2);
  frame.set(message, 2 + extended);
  return frame;
}
