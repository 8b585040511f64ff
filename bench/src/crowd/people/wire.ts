import { codecFor, type ErrorData, type UpMessage } from "@tutti/protocol";
import { LeanSocket } from "../../server/lean-socket.js";
import { CODES, codeOf } from "./shared-decoder.js";

/** Where the crowd meets. */
export interface Place {
  /** `http://…` */
  readonly url: string;
  readonly document: string;
}

const codec = codecFor("tutti.v1");
/** Times that somebody who is turned away tries again, and the pause (ms) where the server names none. */
const ATTEMPTS = 60;
const PAUSE = 500;

/** The server asks to come back later. */
class TurnedAway extends Error {
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super("turned away");
    this.retryAfter = retryAfter;
  }
}

/** Bare messages of `tutti.v1`. */
export class Wire {
  readonly #socket: LeanSocket;
  #ended = false;

  private constructor(socket: LeanSocket) {
    this.#socket = socket;
  }

  /**
   * Connects and says hello, again when the server asks to come back later; resolves when it is welcome.
   * @param frame told of every message from then on; its bytes are only valid until the call returns
   * @throws Error when the server refuses, or the connection ends before `end` was called
   */
  static async connect(place: Place, token: string, frame: (bytes: Uint8Array) => void): Promise<Wire> {
    for (let left = ATTEMPTS; ; left -= 1) {
      try {
        return await Wire.#attempt(place, token, frame);
      } catch (error) {
        if (left <= 1 || !(error instanceof TurnedAway)) throw error;
        await new Promise((resolve) => setTimeout(resolve, error.retryAfter));
      }
    }
  }

  static async #attempt(place: Place, token: string, frame: (bytes: Uint8Array) => void): Promise<Wire> {
    const url = new URL("/v1/connect", place.url.replace(/^http/, "ws"));
    let wire: Wire | undefined;
    let welcome = false;
    let settle: (refusal?: Error) => void = () => undefined;
    const welcomed = new Promise<void>((resolve, reject) => {
      settle = (refusal) => (refusal === undefined ? resolve() : reject(refusal));
    });
    // Where there is no socket at all, nobody waits for it.
    welcomed.catch(() => undefined);
    const closed = (reason: string): void => {
      if (!welcome) settle(new TurnedAway(PAUSE));
      else if (wire !== undefined && !wire.#ended) throw new Error(`${place.url} went away: ${reason}`);
    };
    const message = (bytes: Uint8Array): void => {
      if (welcome) {
        frame(bytes);
        return;
      }
      welcome = codeOf(bytes) === CODES.welcome;
      settle(welcome ? undefined : refusalOf(bytes));
    };
    const socket = await LeanSocket.open(url, "tutti.v1", { message, closed }).catch((error: Error) => {
      throw error.message.includes(" 503 ") ? new TurnedAway(PAUSE) : error;
    });
    wire = new Wire(socket);
    wire.send({ type: "hello", token });
    try {
      await welcomed;
    } catch (error) {
      wire.end();
      throw error;
    }
    return wire;
  }

  send(message: UpMessage): void {
    this.#socket.send(codec.encode(message) as Uint8Array);
  }

  end(): void {
    this.#ended = true;
    this.#socket.end();
  }
}

function refusalOf(bytes: Uint8Array): Error | undefined {
  const message = codec.decodeDown(bytes);
  if (message.type !== "failed") return undefined;
  return message.error.retry ? new TurnedAway(pauseOf(message.error)) : new Error(message.error.message);
}

/** How long (ms) to wait before the same is tried again. */
export const pauseOf = ({ retryAfter = PAUSE }: Pick<ErrorData, "retryAfter">): number => retryAfter;
