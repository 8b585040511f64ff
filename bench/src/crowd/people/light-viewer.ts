import type { Document } from "@tutti/ot";
import type { Committed, DownMessage, Opened } from "@tutti/protocol";
import type { SharedContent } from "./shared-content.js";
import { lastVersion } from "./shared-content.js";
import { CODES, codeOf, type SharedDecoder } from "./shared-decoder.js";
import { type Place, pauseOf, Wire } from "./wire.js";

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
  readonly #opened: () => void;
  #wire: Wire | undefined;
  #content: Document | undefined;
  #version = 0;
  frames = 0;
  bytes = 0;

  private constructor(settings: ViewerSettings, name: string, opened: () => void) {
    this.#settings = settings;
    this.#name = name;
    this.#opened = opened;
  }

  /** Resolves when the content is there. */
  static async join(settings: ViewerSettings, token: string, name: string): Promise<LightViewer> {
    let viewer: LightViewer | undefined;
    await new Promise<void>((resolve, reject) => {
      const joined = new LightViewer(settings, name, resolve);
      viewer = joined;
      Wire.connect(settings.place, token, (frame) => joined.#receive(frame)).then((wire) => {
        joined.#wire = wire;
        joined.#ask();
      }, reject);
    });
    if (viewer === undefined) throw new Error("nobody came");
    return viewer;
  }

  get version(): number {
    return this.#version;
  }

  get content(): Document | undefined {
    return this.#content;
  }

  ping(): void {
    this.#wire?.send({ type: "ping" });
  }

  end(): void {
    this.#wire?.end();
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
        if (!message.error.retry || this.#content !== undefined) throw this.#surprise(message);
        setTimeout(() => this.#ask(), pauseOf(message.error));
        return;
      case "failed":
        throw this.#surprise(message);
    }
  }

  #ask(): void {
    const { document } = this.#settings.place;
    const open = { type: "open", document, client: this.#name, pieces: true, attendance: true } as const;
    this.#wire?.send({ ...open, device: "program" });
  }

  #surprise(message: DownMessage): Error {
    return new Error(`the server says ${JSON.stringify(message)} to ${this.#name}`);
  }

  #open(message: Opened): void {
    this.#content = this.#settings.contents.open(message);
    this.#version = message.version;
    if (message.place === "editing") this.#giveUp();
    this.#opened();
  }

  #giveUp(): void {
    this.#wire?.send({ type: "ask", document: this.#settings.place.document, wish: "view" });
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
