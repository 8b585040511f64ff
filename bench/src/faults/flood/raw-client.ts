import { type RawData, WebSocket } from "ws";

/** A message as it comes, unchecked. */
export type RawMessage = Readonly<Record<string, unknown>> & { readonly type: string };

/** Somebody who speaks `tutti.v1+json` without the SDK, and so may say what no SDK would. */
export class RawClient {
  readonly messages: RawMessage[] = [];
  readonly socket: WebSocket;
  /** Resolves with the code when the connection is closed. */
  readonly closed: Promise<number>;
  #heard: (() => void)[] = [];
  #over = false;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.once("close", resolve));
    void this.closed.then(() => {
      this.#over = true;
      this.#wake();
    });
    socket.on("error", () => undefined);
    socket.on("message", (data: RawData) => {
      this.messages.push(JSON.parse(String(data)) as RawMessage);
      this.#wake();
    });
  }

  /** Resolves when the connection is there and `hello` is answered. */
  static async enter(url: string, token: string, localAddress?: string): Promise<RawClient> {
    const address = `${url.replace("http", "ws")}/v1/connect`;
    const options = { perMessageDeflate: false, ...(localAddress === undefined ? {} : { localAddress }) };
    const socket = new WebSocket(address, "tutti.v1+json", options);
    const client = new RawClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once("open", resolve).once("error", reject);
    });
    client.say({ type: "hello", token });
    await client.heard(({ type }) => type === "welcome");
    return client;
  }

  /** Opens a document. */
  async open(document: string, client: string): Promise<void> {
    this.say({ type: "open", document, client });
    await this.heard(({ type }) => type === "opened");
  }

  say(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  /** The first message of all that fulfils this; undefined when the connection ends without one. */
  async heard(wanted: (message: RawMessage) => boolean): Promise<RawMessage | undefined> {
    for (let looked = 0; ; ) {
      for (; looked < this.messages.length; looked += 1) {
        const message = this.messages[looked];
        if (message !== undefined && wanted(message)) return message;
      }
      if (this.#over) return undefined;
      await new Promise<void>((resolve) => this.#heard.push(resolve));
    }
  }

  /** Reads nothing more from the network: what the server sends piles up. */
  stopReading(): void {
    this.socket.pause();
  }

  end(): void {
    this.socket.terminate();
  }

  #wake(): void {
    for (const heard of this.#heard.splice(0)) heard();
  }
}
