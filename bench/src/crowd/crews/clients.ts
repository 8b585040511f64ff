import { type DocumentHandle, TuttiClient } from "@tutti/client";
import type { Place } from "../people/wire.js";
import { evenly } from "./pace.js";
import { serveCalls } from "./remote.js";
import { digest, type Replica, until } from "./replica.js";

export interface ClientsOrder {
  readonly place: Place;
  readonly tokens: readonly string[];
  /** Of these, the first ones type too. */
  readonly typing: number;
}

/** A sample of real clients, the SDK as an app has it, beside the light ones. */
export class ClientsCrew {
  readonly #clients: TuttiClient[] = [];
  readonly #documents: DocumentHandle[] = [];
  #typing = 0;
  #stop: () => void = () => undefined;

  async join({ place, tokens, typing }: ClientsOrder): Promise<void> {
    for (const token of tokens) {
      const client = new TuttiClient({ url: place.url, token });
      const document = client.open(place.document);
      this.#clients.push(client);
      this.#documents.push(document);
      await document.ready;
    }
    this.#typing = typing;
  }

  /** Writes the text that is there from the beginning. */
  async write(text: string): Promise<void> {
    const [document] = this.#documents;
    document?.insert(0, text);
    await document?.saved();
  }

  /** From now on those who type do so many letters a second each, here and there, and delete some. */
  type(perSecond: number): void {
    this.#stop();
    this.#stop = evenly(perSecond * this.#typing, (count) => {
      const document = this.#documents[count % this.#typing];
      if (document === undefined || !document.writable) return;
      const index = (count * 7_919) % (document.length + 1);
      if (count % 5 === 4 && index < document.length) document.delete(index, 1);
      else document.insert(index, "·");
    });
  }

  async rest(): Promise<void> {
    this.#stop();
    await Promise.all(this.#documents.slice(0, this.#typing).map((document) => document.saved()));
  }

  /** What each has once all have reached this version. */
  async replicas(version: number): Promise<readonly Replica[]> {
    await until(
      () => this.#documents.every((document) => document.version >= version),
      `no version ${version} everywhere`,
    );
    return this.#documents.map((document) => ({
      version: document.version,
      checksum: document.checksum,
      text: digest(document.text()),
    }));
  }

  leave(): void {
    for (const client of this.#clients) client.close();
  }
}

serveCalls(new ClientsCrew());
