import { connect, createServer, type Server, type Socket } from "node:net";

/** The way between browsers and a server, as it is for a laptop: it can be cut, and comes back on the same address. */
export class Network {
  /** As a proxy of a company may do: no WebSocket comes through, everything else does. */
  blocksWebSockets = false;
  readonly #target: () => number;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  /** @param target the port of the server */
  constructor(target: () => number) {
    this.#target = target;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Resolves when connections are taken; on the same port as before. Does nothing where they are. */
  async restore(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer((near) => this.#carry(near));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, "127.0.0.1", resolve));
    const address = server.address();
    if (typeof address === "object" && address !== null) this.#port = address.port;
  }

  /** Every connection ends, and no new one is taken. */
  async cut(): Promise<void> {
    const closed = new Promise((resolve) => this.#server?.close(resolve) ?? resolve(undefined));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    this.#server = undefined;
  }

  #carry(near: Socket): void {
    near.once("data", (head) => {
      if (this.blocksWebSockets && /^upgrade: websocket/im.test(head.toString("latin1"))) near.destroy();
    });
    const far = connect(this.#target(), "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.pipe(to);
      // A connection that breaks is what this is for.
      from.on("error", () => undefined);
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }
}
