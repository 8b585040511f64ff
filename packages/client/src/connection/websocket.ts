import { type Connection, type Frame, SUBPROTOCOLS } from "@tutti/protocol";
import type { Transport, TransportEvents } from "../types.js";

/** What is used of a WebSocket: that of browsers, of Node, and of the `ws` package have it alike. */
export interface WebSocketLike {
  binaryType: string;
  readonly bufferedAmount: number;
  readonly protocol: string;
  readonly readyState: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}
export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocketLike;

const OPEN = 1;

/** Connections over WebSocket. `address` as of `connectAddress`. */
export function webSocketTransport(Constructor: WebSocketConstructor, address: string): Transport {
  return {
    connect(events) {
      const socket = new Constructor(address, [...SUBPROTOCOLS]);
      socket.binaryType = "arraybuffer";
      listen(socket, events);
      return connectionOf(socket);
    },
  };
}

function listen(socket: WebSocketLike, events: TransportEvents): void {
  socket.onopen = () => events.opened(socket.protocol);
  socket.onmessage = (event: { readonly data: unknown }) => {
    const { data } = event;
    if (typeof data === "string") events.frame(data);
    else if (data instanceof ArrayBuffer) events.frame(new Uint8Array(data));
  };
  // `close` always follows and says all there is; without a listener `ws` would throw.
  socket.onerror = () => undefined;
  socket.onclose = (event: { readonly code: number; readonly reason: string }) => {
    events.closed(event.code, event.reason);
  };
}

function connectionOf(socket: WebSocketLike): Connection {
  return {
    send(frame: Frame) {
      if (socket.readyState !== OPEN) return;
      socket.send(typeof frame === "string" ? frame : (frame as Uint8Array<ArrayBuffer>));
    },
    close: (code, reason) => socket.close(code, reason),
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
  };
}
