import type { Duplex } from "node:stream";
import { type Cancel, CLOSE_CODES } from "@tutti/protocol";
import type { WebSocket } from "ws";
import type { FrameIntake, Receiver } from "../protection/frame-intake.js";

/**
 * Bytes that may still come after the server has closed a connection, and are thrown away: what was on its way. Whoever
 * is in the middle of a large frame reads the reason only when the frame has been sent.
 */
const AFTER_CLOSE = 16_000_000;

const CODES: Readonly<Record<Parameters<Receiver["cutOff"]>[0], number>> = {
  receiving_too_much: CLOSE_CODES.overloaded,
  receiving_too_slowly: CLOSE_CODES.overloaded,
  hello_too_large: CLOSE_CODES.frameTooLarge,
};

/** Keeps account of what a socket receives, and holds it back where the account says so (S12). */
export class Receiving implements Receiver {
  readonly #webSocket: WebSocket;
  #pauses = 0;

  constructor(webSocket: WebSocket, socket: Duplex, intake: FrameIntake) {
    this.#webSocket = webSocket;
    const incoming = intake.open(this);
    let afterClose = 0;
    // Before the socket's own listener, so that a frame which this completes is not counted any more when it has come.
    socket.prependListener("data", (chunk: Buffer) => {
      if (webSocket.readyState === webSocket.OPEN) {
        incoming.received(chunk.length);
        return;
      }
      // Nothing is kept of it any more.
      incoming.closed();
      afterClose += chunk.length;
      if (afterClose > AFTER_CLOSE) webSocket.terminate();
    });
    const frame = (): void => incoming.frame();
    for (const event of ["message", "ping", "pong"] as const) webSocket.on(event, frame);
    webSocket.on("close", () => incoming.closed());
  }

  /** Stops reading, until everybody who asked for it has called what they got. */
  pause(): Cancel {
    this.#pauses += 1;
    this.#webSocket.pause();
    let done = false;
    return () => {
      if (done) return;
      done = true;
      this.#pauses -= 1;
      if (this.#pauses === 0) this.#webSocket.resume();
    };
  }

  /** Without the other end's consent: it is in the middle of a frame, and would not read on before its end. */
  cutOff(reason: Parameters<Receiver["cutOff"]>[0]): void {
    this.#webSocket.close(CODES[reason], reason);
    this.#webSocket.terminate();
  }
}
