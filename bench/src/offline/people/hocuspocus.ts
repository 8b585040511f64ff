import { HocuspocusProvider, HocuspocusProviderWebsocket } from "@hocuspocus/provider";
import { Network } from "./network.js";
import type { Library, Meeting, Person } from "./person.js";
import { YjsText } from "./yjs.js";

/** Hocuspocus's own client. What it calls synced is in the memory of the server. */
export const HOCUSPOCUS: Library = {
  name: "Hocuspocus",
  async meet({ target }, content): Promise<Meeting> {
    const { url, document } = await target();
    const join = (): Promise<HocuspocusPerson> => HocuspocusPerson.join(url, document);
    const first = await join();
    first.write(content);
    await first.saved();
    return { join };
  },
};

class HocuspocusPerson extends YjsText implements Person {
  readonly #socket: HocuspocusProviderWebsocket;
  readonly #provider: HocuspocusProvider;

  private constructor(url: string, name: string) {
    super();
    this.#socket = new HocuspocusProviderWebsocket({ url, WebSocketPolyfill: new Network().WebSocket });
    const options = { websocketProvider: this.#socket, name, document: this.document, token: "token" };
    this.#provider = new HocuspocusProvider(options);
    this.#provider.attach();
  }

  static async join(url: string, name: string): Promise<HocuspocusPerson> {
    const person = new HocuspocusPerson(url, name);
    await new Promise<void>((resolve) => {
      person.#provider.on("synced", () => resolve());
    });
    return person;
  }

  async saved(): Promise<void> {
    while (this.#provider.hasUnsyncedChanges) {
      await new Promise<void>((resolve) => {
        const told = (): void => {
          this.#provider.off("unsyncedChanges", told);
          resolve();
        };
        this.#provider.on("unsyncedChanges", told);
      });
    }
  }

  async goOffline(): Promise<void> {
    this.#socket.disconnect();
  }

  comeBack(): void {
    void this.#socket.connect();
  }

  async leave(): Promise<void> {
    this.#provider.destroy();
    this.#socket.destroy();
  }
}
