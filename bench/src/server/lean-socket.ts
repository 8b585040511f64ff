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
/** What all sockets of this process are read into, one after the other. */
const INCOMING = Buffer.alloc(65_536);
const NOTHING = Buffer.alloc(0);

/**
 * A WebSocket client that does as little as possible, so that the driver of a benchmark takes little of the machine
 * from the server: no events per frame, no buffer for each read, no compression, no fragments, and a mask of zeros, which
 * is valid and leaves the payload as it is. For servers on this machine only.
 */
export class LeanSocket {
  readonly #socket: Socket;
  readonly #events: SocketEvents;
  /** The beginning of a frame whose end has not come yet. */
  #rest: Buffer = NOTHING;
  #greeted = false;

  private constructor(url: URL, events: SocketEvents, greeted: () => void, refused: (error: Error) => void) {
    this.#events = events;
    this.#socket = connect({
      host: url.hostname,
      port: Number(url.port),
      noDelay: true,
      onread: {
        buffer: INCOMING,
        callback: (length) => {
          this.#receive(INCOMING.subarray(0, length), greeted, refused);
          return true;
        },
      },
    });
  }

  /** Resolves when the server has agreed to speak WebSocket. @throws Error with the refusal */
  static open(url: URL, subprotocol: string | undefined, events: SocketEvents): Promise<LeanSocket> {
    return new Promise((resolve, reject) => {
      const lean: LeanSocket = new LeanSocket(url, events, () => resolve(lean), reject);
      const socket = lean.#socket;
      socket.once("connect", () => socket.write(handshake(url, subprotocol)));
      // What goes wrong later is thrown: a benchmark must not go on without one of its editors.
      socket.once("error", reject);
      socket.once("close", () => {
        reject(new Error("the server closed the socket"));
        events.closed("the socket is closed");
      });
    });
  }

  send(payload: Uint8Array | string): void {
    const text = typeof payload === "string";
    this.#socket.write(maskedFrame(text ? TEXT : BINARY, text ? Buffer.from(payload) : payload));
  }

  end(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer, greeted: () => void, refused: (error: Error) => void): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (!this.#greeted) {
      try {
        if (this.#readHandshake()) greeted();
      } catch (error) {
        refused(error as Error);
        this.#socket.destroy();
        return;
      }
    }
    while (this.#greeted && this.#readFrame());
    // The next read overwrites what is shared.
    this.#rest =
      this.#rest.length === 0 ? NOTHING : this.#rest.buffer === INCOMING.buffer ? Buffer.from(this.#rest) : this.#rest;
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
