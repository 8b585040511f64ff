import type { DownMessage, UpMessage } from "@tutti/protocol";
import { type Place, pauseOf, Wire } from "./wire.js";

/** Somebody's way into the document: asks for it, and again for as long as the server puts them off. */
export class Visit {
  readonly #place: Place;
  readonly #client: string;
  readonly #content: Promise<void>;
  #arrived: () => void = () => undefined;
  #isOpen = false;
  #wire: Wire | undefined;

  constructor(place: Place, client: string) {
    this.#place = place;
    this.#client = client;
    this.#content = new Promise((resolve) => {
      this.#arrived = resolve;
    });
  }

  /**
   * Resolves when `opened` was called.
   * @param frame told of every message; its bytes are only valid until the call returns
   * @throws Error when the server refuses
   */
  async enter(token: string, frame: (bytes: Uint8Array) => void): Promise<void> {
    this.#wire = await Wire.connect(this.#place, token, frame);
    this.#ask();
    await this.#content;
  }

  /** The content is there. */
  opened(): void {
    this.#isOpen = true;
    this.#arrived();
  }

  /** @throws Error when the server takes a document away, or gives it never */
  closed(message: Extract<DownMessage, { readonly type: "closed" }>): void {
    if (!message.error.retry || this.#isOpen) throw this.surprise(message);
    setTimeout(() => this.#ask(), pauseOf(message.error));
  }

  surprise(message: DownMessage): Error {
    return new Error(`the server says ${JSON.stringify(message)} to ${this.#client}`);
  }

  send(message: UpMessage): void {
    this.#wire?.send(message);
  }

  ping(): void {
    this.send({ type: "ping" });
  }

  end(): void {
    this.#wire?.end();
  }

  #ask(): void {
    const open = { type: "open", client: this.#client, pieces: true, attendance: true, device: "program" } as const;
    this.send({ ...open, document: this.#place.document });
  }
}
