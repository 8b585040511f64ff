const FINAL_BINARY = 0x82;
const TWO_BYTES = 126;
const EIGHT_BYTES = 127;

const known = new WeakMap<Uint8Array, Uint8Array>();

/**
 * A message as a WebSocket frame from a server (RFC 6455, 5.2: final, binary, not masked). Made once for each message,
 * however many sockets it goes to. The message must not change any more.
 */
export function outgoingFrame(message: Uint8Array): Uint8Array {
  const made = known.get(message);
  if (made !== undefined) return made;
  const frame = withHead(message);
  known.set(message, frame);
  return frame;
}

function withHead(message: Uint8Array): Uint8Array {
  const { length } = message;
  const extended = length < TWO_BYTES ? 0 : length < 0x1_0000 ? 2 : 8;
  const frame = Buffer.allocUnsafe(2 + extended + length);
  frame[0] = FINAL_BINARY;
  frame[1] = extended === 0 ? length : extended === 2 ? TWO_BYTES : EIGHT_BYTES;
  if (extended === 2) frame.writeUInt16BE(length, 2);
  if (extended === 8) frame.writeBigUInt64BE(BigInt(length), 2);
  frame.set(message, 2 + extended);
  return frame;
}
