import { type DocumentHandle, TuttiClient } from "@tutti/client";
import type { ServerProcess } from "./server-process.js";

/** Somebody else, who works through the SDK in this process. */
export class OtherPerson {
  readonly document: DocumentHandle;
  readonly #client: TuttiClient;

  private constructor(client: TuttiClient, id: string) {
    this.#client = client;
    this.document = client.open(id);
  }

  static async join(server: ServerProcess, name: string, id: string): Promise<OtherPerson> {
    const client = new TuttiClient({ url: server.url, token: await server.signIn(name) });
    const person = new OtherPerson(client, id);
    await person.document.ready;
    return person;
  }

  /** Inserts each word somewhere in the text, between two words, as an edit of its own; resolves when all are durable. */
  async scatter(words: readonly string[]): Promise<void> {
    for (const [count, word] of words.entries()) {
      this.document.insert(this.#gap(count), `${word} `);
      if (count % EDITS_AT_ONCE === 0) await this.document.saved();
    }
    await this.document.saved();
  }

  leave(): void {
    this.#client.close();
  }

  /** Behind a space, another one each time; at the start where there is none. */
  #gap(count: number): number {
    const text = this.document.text();
    const from = (count * 7919) % Math.max(1, text.length - 1);
    return text.indexOf(" ", from) + 1;
  }
}

const EDITS_AT_ONCE = 10;
