import type { Document } from "@tutti/ot";
import type { Committed, DownMessage, Opened } from "@tutti/protocol";
import { lastVersion, type SharedContent } from "./shared-content.js";
import { CODES, codeOf, type SharedDecoder } from "./shared-decoder.js";
import { Visit } from "./visit.js";
import type { Place } from "./wire.js";

/** What the viewers of one process share. */
export interface ViewerSettings {
  readonly place: Place;
  readonly decoder: SharedDecoder;
  readonly contents: SharedContent;
  /** These versions are there. */
  readonly arrived: (first: number, last: number) => void;
}

/** Somebody who only reads. A place to edit is given up at once (S11). */
export class LightViewer {
  readonly #settings: ViewerSettings;
  readonly #name: string;
  readonly #visit: Visit;
  #content: Document | undefined;
  #version = 0;
  frames = 0;
  bytes = 0;

  private constructor(settings: ViewerSettings, name: string) {
    this.#settings = settings;
    this.#name = name;
    this.#visit = new Visit(settings.place, name);
  }

  /** Resolves when the content is there. */
  static async join(settings: ViewerSettings, token: string, name: string): Promise<LightViewer> {
    const viewer = new LightViewer(settings, name);
    await viewer.#visit.enter(token, (frame) => viewer.#receive(frame));
    return viewer;
  }

  get version(): number {
    return this.#version;
  }

  get content(): Document | undefined {
    return this.#content;
  }

  ping(): void {
    this.#visit.ping();
  }

  end(): void {
    this.#visit.end();
  }

  #receive(frame: Uint8Array): void {
    this.frames += 1;
    this.bytes += frame.length;
    // Cursors are not drawn here.
    if (codeOf(frame) === CODES.presence) return;
    this.#handle(this.#settings.decoder.decode(frame));
  }

  #handle(message: DownMessage): void {
    switch (message.type) {
      case "committed":
        this.#committed(message);
        return;
      case "opened":
        this.#open(message);
        return;
      case "attendance":
        if (message.place === "editing") this.#giveUp();
        return;
      case "closed":
        this.#visit.closed(message);
        return;
      case "failed":
        throw this.#visit.surprise(message);
    }
  }

  #open(message: Opened): void {
    this.#content = this.#settings.contents.open(message);
    this.#version = message.version;
    if (message.place === "editing") this.#giveUp();
    this.#visit.opened();
  }

  #giveUp(): void {
    this.#visit.send({ type: "ask", document: this.#settings.place.document, wish: "view" });
  }

  #committed(message: Committed): void {
    if (this.#content === undefined || message.version !== this.#version + 1) {
      throw new Error(`${this.#name} has ${this.#version} and is told of ${message.version}`);
    }
    this.#content = this.#settings.contents.after(this.#content, message);
    this.#version = lastVersion(message);
    this.#settings.arrived(message.version, this.#version);
  }
}
