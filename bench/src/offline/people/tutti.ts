import { type DocumentHandle, TuttiClient, type WebSocketConstructor } from "@tutti/client";
import type { Keystroke } from "../../merge/edits.js";
import { Network } from "./network.js";
import type { Library, Meeting, Person } from "./person.js";

/** Our own client. */
export const TUTTI: Library = {
  name: "Tutti",
  async meet({ target }, content): Promise<Meeting> {
    const { url, document, token = "" } = await target();
    const join = async (): Promise<TuttiPerson> => TuttiPerson.join(url, token, document);
    const first = await join();
    first.write(content);
    await first.saved();
    await first.leave();
    return { join };
  },
};

class TuttiPerson implements Person {
  changed: () => void = () => undefined;
  readonly #network = new Network();
  readonly #client: TuttiClient;
  readonly #document: DocumentHandle;
  #online: () => void = () => undefined;

  private constructor(url: string, token: string, document: string) {
    this.#client = new TuttiClient({
      url,
      token,
      WebSocket: this.#network.WebSocket as unknown as WebSocketConstructor,
      environment: {
        // As a browser does: it says when there is a network again.
        online: (listener) => {
          this.#online = listener;
          return () => undefined;
        },
      },
    });
    this.#document = this.#client.open(document);
    this.#document.on("change", () => this.changed());
  }

  static async join(url: string, token: string, document: string): Promise<TuttiPerson> {
    const person = new TuttiPerson(url, token, document);
    await person.#document.ready;
    return person;
  }

  get length(): number {
    return this.#document.length;
  }

  write(text: string): void {
    this.#document.insert(0, text);
  }

  type({ index, text }: Keystroke): void {
    if (text === "") this.#document.delete(index, 1);
    else this.#document.insert(index, text);
  }

  text(): string {
    return this.#document.text();
  }

  saved(): Promise<void> {
    return this.#document.saved();
  }

  async goOffline(): Promise<void> {
    this.#network.lose();
    while (this.#document.status !== "Working offline") {
      await new Promise<void>((resolve) => {
        const stop = this.#document.on("status", () => {
          stop();
          resolve();
        });
      });
    }
  }

  comeBack(): void {
    this.#network.return();
    this.#online();
  }

  async leave(): Promise<void> {
    this.#client.close();
  }
}
