import { WebSocket } from "ws";

/** Nothing listens there: an attempt fails at once. */
const NOWHERE = "ws://127.0.0.1:1";

/** The network of one person: sockets that are made while it is away fail, and those that are open break. */
export class Network {
  #there = true;
  readonly #open = new Set<WebSocket>();

  /** For libraries that make their own sockets. */
  readonly WebSocket: new (
    address: string | URL,
    protocols?: string | string[],
  ) => WebSocket;

  constructor() {
    const network = this;
    this.WebSocket = class extends WebSocket {
      constructor(address: string | URL, protocols?: string | string[]) {
        super(network.#there ? address : NOWHERE, protocols, { perMessageDeflate: false });
        network.#open.add(this);
        this.once("close", () => network.#open.delete(this));
      }
    };
  }

  /** As the sockets. */
  readonly fetch = (address: string, request: RequestInit): Promise<Response> =>
    this.#there ? fetch(address, request) : Promise.reject(new TypeError("there is no network"));

  lose(): void {
    this.#there = false;
    for (const socket of this.#open) socket.terminate();
  }

  return(): void {
    this.#there = true;
  }
}
