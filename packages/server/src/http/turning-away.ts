import type { IncomingMessage } from "node:http";
import { CLOSE_CODES, type Clock, codecFor, type ErrorCode, SUBPROTOCOLS, type TuttiError } from "@tutti/protocol";
import type { WebSocket } from "ws";

/** Sockets that are told at once why they are not let in; a further one gets a bare 503. */
const MOST = 1000;
/** How long (ms) a socket may take to close when it was told. */
const PATIENCE = 2000;

/** Close codes of the refusals that are worth a WebSocket: those that a good client meets after a restart. */
const CODES: Partial<Record<ErrorCode, number>> = {
  overloaded: CLOSE_CODES.overloaded,
  shutting_down: CLOSE_CODES.goingAway,
};

/**
 * Says to a client why it is not let in, and when it may come (S10). A browser shows a page nothing of a refused upgrade,
 * neither status nor `Retry-After`, and a client could only guess that WebSockets are blocked. So the upgrade is accepted,
 * `failed` is sent, and the socket is closed: docs/decisions/0026-admission-in-one-queue.md.
 */
export class TurningAway {
  readonly #clock: Clock;
  #sockets = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether this refusal is told on a WebSocket: who offers a protocol of ours can read it, as far as there is room. */
  tells(refusal: TuttiError, request: IncomingMessage): boolean {
    if (CODES[refusal.code] === undefined || this.#sockets >= MOST) return false;
    const offered = request.headers["sec-websocket-protocol"] ?? "";
    return SUBPROTOCOLS.some((name) => offered.split(/ *, */).includes(name));
  }

  tell(webSocket: WebSocket, refusal: TuttiError): void {
    this.#sockets += 1;
    const inTime = this.#clock.schedule(PATIENCE, () => webSocket.terminate());
    webSocket.on("close", () => {
      this.#sockets -= 1;
      inTime();
    });
    webSocket.on("error", () => undefined);
    const subprotocol = SUBPROTOCOLS.find((name) => name === webSocket.protocol);
    if (subprotocol !== undefined)
      webSocket.send(codecFor(subprotocol).encode({ type: "failed", error: refusal.toData() }));
    webSocket.close(CODES[refusal.code], refusal.code);
  }
}
