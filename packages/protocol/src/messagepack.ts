import { MessagePackReader } from "./messagepack-reader.js";
import { Encoded, MessagePackWriter } from "./messagepack-writer.js";

/**
 * MessagePack for JSON values: nil, booleans, numbers, text, lists, and maps with text keys; nothing else.
 *
 * Every frame is untrusted, the first ones even before anybody has said who they are. So what is read takes memory in
 * proportion to the bytes that came, nesting is bounded, and a value is exactly what was sent or the frame is refused.
 * docs/decisions/0006-own-messagepack.md says why no library does this.
 */

const writer = new MessagePackWriter();

/**
 * The bytes of a JSON value, each number and length in its shortest form. Members that are undefined are left out.
 * Half a surrogate pair becomes U+FFFD.
 * @throws TuttiError `internal` for what JSON has no value for, such as a function
 */
export const encodeMessagePack = (value: unknown): Uint8Array => writer.encode(value);

const encodedOnce = new WeakMap<object, Encoded>();

/**
 * Stands for a value within others that are encoded: the same object is encoded the first time only, so it must not
 * change any more. For what goes into many messages.
 */
export function encodeOnce(value: object): Encoded {
  const known = encodedOnce.get(value);
  if (known !== undefined) return known;
  const encoded = new Encoded(encodeMessagePack(value));
  encodedOnce.set(value, encoded);
  return encoded;
}

/**
 * The value that `bytes` hold.
 * @throws TuttiError `malformed_frame`: not exactly one value, an extension, bytes, a key that is no text, nested more
 *   than 100 deep, an integer that a double can't hold, text that is not UTF-8
 */
export const decodeMessagePack = (bytes: Uint8Array): unknown => new MessagePackReader(bytes).decode();
