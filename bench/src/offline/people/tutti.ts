import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DocumentHandle, TuttiClient, type WebSocketConstructor } from "@tutti/client";
import { folderStore } from "@tutti/client/node";
import type { Keystroke } from "../../merge/edits.js";
import type { Running } from "../../server/contestants.js";
import type { Target } from "../../server/dialects/dialect.js";
import { Network } from "./network.js";
import type { Library, Meeting, Person } from "./person.js";

/** Our own client, which keeps what is not saved yet in memory. */
export const TUTTI: Library = {
  name: "Tutti",
  meet: (running, content) => meet(running, content, async () => undefined),
};

/** Our own client, which writes down each edit before it sends it. */
export const TUTTI_ON_DISK: Library = {
  name: "Tutti, outbox on disk",
  meet: (running, content) => meet(running, content, () => mkdtemp(join(tmpdir(), "tutti-outbox-"))),
};

async function meet({ target }: Running, content: string, folder: () => Promise<string | undefined>): Promise<Meeting> {
  const where = await target();
  const join = async (): Promise<TuttiPerson> => TuttiPerson.join(where, await folder());
  const first = await join();
  first.write(content);
  await first.saved();
  await first.leave();
  return { join };
}

class TuttiPerson implements Person {
  changed: () => void = () => undefined;
  readonly #network = new Network();
  readonly #client: TuttiClient;
  readonly #document: DocumentHandle;
  #online: () => void = () => undefined;

  readonly #folder: string | undefined;

  private constructor({ url, token = "", document }: Target, folder: string | undefined) {
    this.#folder = folder;
    this.#client = new TuttiClient({
      url,
      token,
      ...(folder === undefined ? {} : { offline: folderStore(folder) }),
      WebSocket: this.#network.WebSocket as unknown as WebSocketConstructor,
      fetch: this.#network.fetch,
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

  static async join(where: Target, folder: string | undefined): Promise<TuttiPerson> {
    const person = new TuttiPerson(where, folder);
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
    // A journal may still be written to.
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true, maxRetries: 20 });
  }
}
