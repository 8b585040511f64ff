import { codecFor, type UpMessage } from "@tutti/protocol";
import { LeanSocket } from "../../server/lean-socket.js";

/** Where the crowd meets. */
export interface Place {
  /** `http://…` */
  readonly url: string;
  readonly document: string;
}

const codec = codecFor("tutti.v1");
/** Times that somebody who is turned away tries again, and the pause (ms) between. */
const ATTEMPTS = 60;
const PAUSE = 500;

/** Bare messages of `tutti.v1`. */
export class Wire {
  readonly #socket: LeanSocket;

  private constructor(socket: LeanSocket) {
    this.#socket = socket;
  }

  /**
   * Connects and says hello, again when the server asks to come back later.
   * @param frame told of every message; its bytes are only valid until the call returns
   * @throws Error when the connection ends before `end` was called
   */
  static async connect(place: Place, token: string, frame: (bytes: Uint8Array) => void): Promise<Wire> {
    const url = new URL("/v1/connect", place.url.replace(/^http/, "ws"));
    let wire: Wire | undefined;
    const closed = (reason: string): void => {
      if (wire !== undefined && !wire.#ended) throw new Error(`${place.url} went away: ${reason}`);
    };
    const socket = await persistently(() => LeanSocket.open(url, "tutti.v1", { message: frame, closed }));
    wire = new Wire(socket);
    wire.send({ type: "hello", token });
    return wire;
  }

  #ended = false;

  send(message: UpMessage): void {
    this.#socket.send(codec.encode(message) as Uint8Array);
  }

  end(): void {
    this.#ended = true;
    this.#socket.end();
  }
}

async function persistently<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = ATTEMPTS; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left <= 1 || !(error instanceof Error && error.message.includes(" 503 "))) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}
