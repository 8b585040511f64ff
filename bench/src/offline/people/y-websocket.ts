import { WebsocketProvider } from "y-websocket";
import { Network } from "./network.js";
import type { Library, Meeting, Person } from "./person.js";
import { YjsText } from "./yjs.js";

/** y-websocket's own client. It is never told that anything is saved. */
export const Y_WEBSOCKET: Library = {
  name: "y-websocket",
  async meet({ target }, content): Promise<Meeting> {
    const { url, document } = await target();
    const join = (): Promise<YWebSocketPerson> => YWebSocketPerson.join(url, document);
    // Whoever leaves last takes the document along: the first one stays.
    const first = await join();
    first.write(content);
    return { join };
  },
};

class YWebSocketPerson extends YjsText implements Person {
  readonly #provider: WebsocketProvider;

  private constructor(url: string, name: string) {
    super();
    this.#provider = new WebsocketProvider(url, name, this.document, {
      WebSocketPolyfill: new Network().WebSocket as unknown as typeof globalThis.WebSocket,
      disableBc: true,
    });
  }

  static async join(url: string, name: string): Promise<YWebSocketPerson> {
    const person = new YWebSocketPerson(url, name);
    await new Promise<void>((resolve) => person.#provider.once("sync", () => resolve()));
    return person;
  }

  async saved(): Promise<void> {}

  async goOffline(): Promise<void> {
    this.#provider.disconnect();
  }

  comeBack(): void {
    this.#provider.connect();
  }

  async leave(): Promise<void> {
    this.#provider.destroy();
  }
}
