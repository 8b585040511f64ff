import { codecFor, type DownMessage, type Frame, type Subprotocol } from "@tutti/protocol";

/** A message to many: encoded at most once for each subprotocol, however many receive it. */
export class SharedMessage {
  readonly message: DownMessage;
  readonly #frames = new Map<Subprotocol, Frame>();

  constructor(message: DownMessage) {
    this.message = message;
  }

  frame(subprotocol: Subprotocol): Frame {
    const known = this.#frames.get(subprotocol);
    if (known !== undefined) return known;
    const frame = codecFor(subprotocol).encode(this.message);
    this.#frames.set(subprotocol, frame);
    return frame;
  }
}
