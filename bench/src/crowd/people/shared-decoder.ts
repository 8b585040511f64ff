import { codecFor, type DownMessage } from "@tutti/protocol";

interface Decoded {
  readonly bytes: Uint8Array;
  readonly message: DownMessage;
}

/** The codes of messages (docs/protocol.md), which stand in the second byte of each frame. */
export const CODES = { welcome: 32, opened: 33, committed: 34, presence: 38, attendance: 41 } as const;

/** The code of a frame, without decoding it. */
export const codeOf = (frame: Uint8Array): number => frame[1] ?? 0;

const codec = codecFor("tutti.v1");
/** Different frames that may be on their way to the sockets of one process at one time. */
const REMEMBERED = 32;

/**
 * Decodes what many sockets of one process receive once for all of them: the server sends the same bytes to everybody,
 * and comparing bytes is cheap. Equal frames give the same object.
 */
export class SharedDecoder {
  readonly #recent: Decoded[] = [];

  decode(frame: Uint8Array): DownMessage {
    for (const { bytes, message } of this.#recent) {
      if (bytes.length === frame.length && Buffer.compare(bytes, frame) === 0) return message;
    }
    const bytes = Buffer.from(frame);
    const message = codec.decodeDown(bytes);
    this.#recent.unshift({ bytes, message });
    this.#recent.length = Math.min(this.#recent.length, REMEMBERED);
    return message;
  }
}
