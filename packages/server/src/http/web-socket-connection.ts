import type { Duplex } from "node:stream";
import type { Cancel, Connection, Frame } from "@tutti/protocol";
import type { WebSocket } from "ws";
import { outgoingFrame } from "./outgoing-frame.js";
import type { Receiving } from "./receiving.js";

/**
 * The server's end of a WebSocket. What goes out goes straight to the socket, as a frame that is shared by all receivers
 * of a message: `ws` would make the head and write two pieces for each. Nothing it does itself (pong, close) is ever half
 * a frame, so the two don't get mixed up.
 */
export class WebSocketConnection implements Connection {
  readonly #webSocket: WebSocket;
  readonly #socket: Duplex;
  readonly #receiving: Receiving;

  constructor(webSocket: WebSocket, socket: Duplex, receiving: Receiving) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#receiving = receiving;
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  send(frame: Frame): void {
    if (this.#webSocket.readyState === this.#webSocket.OPEN) this.#socket.write(outgoingFrame(frame));
  }

  close(code: number, reason: string): void {
    this.#webSocket.close(code, reason);
  }

  pause(): Cancel {
    return this.#receiving.pause();
  }
}
