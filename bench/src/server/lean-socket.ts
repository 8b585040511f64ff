import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";

/** What the owner of a socket is told. */
export interface SocketEvents {
  /** A whole message. The bytes are only valid until the call returns. */
  message(bytes: Uint8Array, text: boolean): void;
  closed(reason: string): void;
}

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
const HEAD_END = "\r\n\r\n";

/**
 * A WebSocket client that does as little as possible, so that the driver of a benchmark takes little of the machine
 * from the server: no events per frame, no compression, no fragments, and a mask of zeros, which is valid and leaves the
 * payload as it is. For servers on this machine only.
 */
export class LeanSocket {
  readonly #socket: Socket;
  readonly #events: SocketEvents;
  #rest: Buffer = Buffer.alloc(0);
  #greeted = false;

  private constructor(socket: Socket, events: SocketEvents) {
    this.#socket = socket;
    this.#events = events;
  }

  /** Resolves when the server has agreed to speak WebSocket. @throws Error with the refusal */
  static open(url: URL, subprotocol: string | undefined, events: SocketEvents): Promise<LeanSocket> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
      const lean = new LeanSocket(socket, events);
      socket.once("connect", () => socket.write(handshake(url, subprotocol)));
      // What goes wrong later is thrown: a benchmark must not go on without one of its editors.
      socket.on("data", (chunk) => {
        if (lean.#feed(chunk)) resolve(lean);
      });
      socket.once("error", reject);
      socket.once("close", () => events.closed("the socket is closed"));
    });
  }

  send(payload: Uint8Array | string): void {
    const text = typeof payload === "string";
    this.#socket.write(maskedFrame(text ? TEXT : BINARY, text ? Buffer.from(payload) : payload));
  }

  end(): void {
    this.#socket.destroy();
  }

  /** True once the handshake is done. */
  #feed(chunk: Buffer): boolean {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (!this.#greeted && !this.#readHandshake()) return false;
    while (this.#readFrame());
    return true;
  }

  #readHandshake(): boolean {
    const end = this.#rest.indexOf(HEAD_END);
    if (end < 0) return false;
    const status = this.#rest.toString("latin1", 0, this.#rest.indexOf("\r\n"));
    if (!status.includes(" 101 ")) throw new Error(`the server refused: ${status}`);
    this.#greeted = true;
    this.#rest = this.#rest.subarray(end + HEAD_END.length);
    return true;
  }

  #readFrame(): boolean {
    const bytes = this.#rest;
    if (bytes.length < 2) return false;
    const [first = 0, short = 0] = bytes;
    const head = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (bytes.length < head) return false;
    const length = head === 2 ? short : head === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    if (bytes.length < head + length) return false;
    this.#rest = bytes.subarray(head + length);
    this.#handle(first & 0x0f, bytes.subarray(head, head + length));
    return true;
  }

  #handle(opcode: number, payload: Buffer): void {
    if (opcode === TEXT || opcode === BINARY) this.#events.message(payload, opcode === TEXT);
    else if (opcode === PING) this.#socket.write(maskedFrame(PONG, payload));
    else if (opcode === CLOSE) this.#events.closed(`close ${payload.length < 2 ? "" : payload.readUInt16BE(0)}`);
    else if (opcode !== PONG) throw new Error(`a frame with opcode ${opcode}`);
  }
}

function handshake(url: URL, subprotocol: string | undefined): string {
  const lines = [
    `GET ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
  ];
  if (subprotocol !== undefined) lines.push(`Sec-WebSocket-Protocol: ${subprotocol}`);
  return lines.join("\r\n") + HEAD_END;
}

function maskedFrame(opcode: number, payload: Uint8Array): Buffer {
  const long = payload.length > 125 ? (payload.length > 0xffff ? 8 : 2) : 0;
  // The four bytes of the mask behind the length stay zero.
  const frame = Buffer.alloc(6 + long + payload.length);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | (long === 0 ? payload.length : long === 2 ? 126 : 127);
  if (long === 2) frame.writeUInt16BE(payload.length, 2);
  if (long === 8) frame.writeBigUInt64BE(BigInt(payload.length), 2);
  frame.set(payload, 6 + long);
  return frame;
}
