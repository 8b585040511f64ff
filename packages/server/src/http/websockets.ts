import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { CLOSE_CODES, type Frame, SUBPROTOCOLS, TuttiError } from "@tutti/protocol";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { FrameIntake } from "../protection/frame-intake.js";
import type { TuttiServer } from "../server.js";
import { Inbox } from "./inbox.js";
import { checkOrigin } from "./origin.js";
import { Receiving } from "./receiving.js";
import { TurningAway } from "./turning-away.js";
import { WebSocketConnection } from "./web-socket-connection.js";

export interface WebSocketOptions {
  /** Bytes of one frame that are still read, so that what is over the limit gets a typed error first. */
  readonly maxPayload: number;
  /** Bytes of one frame beyond which it is refused, so that no text is made of it. */
  readonly frameBytes: number;
  /** Answer to loopback names only. */
  readonly loopbackOnly: boolean;
  /** The account of what is being received. */
  readonly intake: FrameIntake;
}

const PATH = "/v1/connect";

/** Hands the WebSockets of an HTTP server (at `/v1/connect`) to Tutti. */
export function acceptWebSockets(http: Server, server: TuttiServer, options: WebSocketOptions): void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: options.maxPayload,
    perMessageDeflate: false,
    handleProtocols: (offered) => SUBPROTOCOLS.find((name) => offered.has(name)) ?? false,
  });
  const inbox = new Inbox();
  const turningAway = new TurningAway(server.guard.env.clock);
  http.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const address = request.socket.remoteAddress;
    const refusal = refusalOf(request, options);
    const full = refusal === undefined ? fullness(server, address) : undefined;
    const told = full !== undefined && turningAway.tells(full, request);
    if (refusal !== undefined || (full !== undefined && !told)) {
      const status = refusal ?? unavailable(full?.retryAfter);
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      if (full !== undefined) {
        turningAway.tell(webSocket, full);
        return;
      }
      const receiving = new Receiving(webSocket, socket, options.intake);
      adopt(webSocket, new WebSocketConnection(webSocket, socket, receiving), inbox, server, { ...options, address });
    });
  });
}

/** Why nobody is let in now, or not from there (S10, L3); undefined: they are. */
function fullness(server: TuttiServer, address: string | undefined): TuttiError | undefined {
  try {
    server.guard.admit(address);
    return undefined;
  } catch (error) {
    if (!(error instanceof TuttiError)) throw error;
    server.guard.env.observer.turnedAway(error.code);
    return error;
  }
}

/** @param retryAfter milliseconds; HTTP has whole seconds */
const unavailable = (retryAfter = 1000): string =>
  `503 Service Unavailable\r\nRetry-After: ${Math.ceil(retryAfter / 1000)}`;

function refusalOf(request: IncomingMessage, options: WebSocketOptions): string | undefined {
  if ((request.url ?? "").split("?")[0] !== PATH) return "404 Not Found";
  try {
    checkOrigin(request, options.loopbackOnly);
    return undefined;
  } catch {
    return "403 Forbidden";
  }
}

function adopt(
  webSocket: WebSocket,
  connection: WebSocketConnection,
  inbox: Inbox,
  server: TuttiServer,
  { address, frameBytes }: { readonly address: string | undefined; readonly frameBytes: number },
): void {
  const subprotocol = SUBPROTOCOLS.find((name) => name === webSocket.protocol);
  if (subprotocol === undefined) {
    webSocket.close(CLOSE_CODES.unsupportedProtocol, `offer one of ${SUBPROTOCOLS.join(", ")}`);
    return;
  }
  const events = inbox.open(server.accept(connection, subprotocol, address), () => connection.pause());
  webSocket.on("message", (data, isBinary) => events.frame(frameOf(data, isBinary, frameBytes)));
  webSocket.on("close", (code, reason) => events.closed(code, reason.toString()));
  // A protocol error is followed by "close", which is all that matters here.
  webSocket.on("error", nothing);
}

const nothing = (): void => undefined;

/** @param frameBytes what is larger is refused by its size, whatever it is */
function frameOf(data: RawData, isBinary: boolean, frameBytes: number): Frame {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : (data as Buffer);
  return isBinary || bytes.length > frameBytes ? bytes : bytes.toString();
}
