import type { DownMessage, ErrorData, Failed, Welcome } from "@tutti/protocol";

/** What is about one document. */
export type DocumentMessage =
  | Extract<DownMessage, { readonly document: string }>
  | (Failed & { readonly document: string });

export const isAboutDocument = (message: DownMessage): message is DocumentMessage =>
  "document" in message && message.document !== undefined;

/** How the server is: it says so with `pong`. */
export interface Service {
  /** The degradation level, 0 to 5 (S8). */
  readonly level: number;
  /** Milliseconds that the server wants between two operations on one document. */
  readonly pace: number;
}
export const ALL_WELL: Service = { level: 0, pace: 0 };

/** One document's end of the link. */
export interface Channel {
  readonly document: string;
  /**
   * The link is ready: documents may be opened now. Told again without `disconnected` in between when another connection
   * takes over: what was open on the one before has to be opened anew.
   */
  connected(limits: Welcome["limits"]): void;
  /** The link is not, or no longer, ready; it tries again by itself. Also told after a failed attempt. */
  disconnected(): void;
  /** The server does not take our token: the link waits until the person has signed in again. */
  lockedOut(error: ErrorData): void;
  /** The link never tries again. */
  stopped(error: ErrorData): void;
  message(message: DocumentMessage): void;
  /** The server is better or worse than before. */
  serviceChanged(): void;
  /** Something went wrong with the link; it goes on trying. */
  warned(error: ErrorData): void;
}

/** The documents of a link. Of one document, the first channel talks; the others wait until it has left. */
export class Channels {
  readonly #lines = new Map<string, Channel[]>();

  get empty(): boolean {
    return this.#lines.size === 0;
  }

  /** @returns whether it is the one that talks */
  add(channel: Channel): boolean {
    const line = this.#lines.get(channel.document) ?? [];
    this.#lines.set(channel.document, line);
    return line.push(channel) === 1;
  }

  /** @returns the one that talks from now on, where there is one */
  remove(channel: Channel): Channel | undefined {
    const line = (this.#lines.get(channel.document) ?? []).filter((other) => other !== channel);
    if (line.length === 0) this.#lines.delete(channel.document);
    else this.#lines.set(channel.document, line);
    return line[0];
  }

  /** The one that talks. */
  of(document: string): Channel | undefined {
    return this.#lines.get(document)?.[0];
  }

  /** Tells all that talk; who comes or leaves meanwhile does not matter. */
  each(tell: (channel: Channel) => void): void {
    for (const [channel] of [...this.#lines.values()]) {
      if (channel !== undefined) tell(channel);
    }
  }
}
