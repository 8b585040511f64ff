import type { Transport, TransportEvents } from "@tutti/client";
import { isInsert, type Operation } from "@tutti/ot";
import {
  CLOSE_CODES,
  type Codec,
  type Connection,
  codecFor,
  type DownMessage,
  type ErrorData,
  type Frame,
  SUBPROTOCOLS,
  type UpMessage,
} from "@tutti/protocol";

/** What was said about one document between one client and the server, as far as the client has heard it. */
export interface Heard {
  /** The client's name for its half; "" before it has asked for the document. */
  readonly client: string;
  /** It asked for the document, and the whole answer has come, on the connection that there is. */
  readonly open: boolean;
  /** The newest sequence that it sent, and the newest one that it was told is durable. */
  readonly sent: number;
  readonly acknowledged: number;
  /** The server's last word on an edit was that it can't store. */
  readonly storageFails: boolean;
  /** Why the server gives it the document no more, or takes no edit; undefined while it does. */
  readonly refused: ErrorData | undefined;
  readonly role: string;
}

const NOTHING: Heard = {
  client: "",
  open: false,
  sent: 0,
  acknowledged: 0,
  storageFails: false,
  refused: undefined,
  role: "edit",
};

/** Somebody who is told that a message is about to be sent, was sent, or is about to reach the client. */
export type Listener = (when: "sending" | "sent" | "arrives", message: UpMessage | DownMessage) => void;

/**
 * Listens on the wire of one client: what the client can know of the server, without asking the client. Nothing is
 * changed on the way.
 */
export class Witness implements Transport {
  readonly #transport: Transport;
  readonly #listener: Listener;
  readonly #heard = new Map<string, Heard>();
  #attempt = 0;
  #connected = false;
  #failed = false;
  #resting = false;
  #level = 0;
  #dead = false;

  constructor(transport: Transport, listener: Listener = () => undefined) {
    this.#transport = transport;
    this.#listener = listener;
  }

  /** `welcome` has come on a connection that was not closed since. */
  get connected(): boolean {
    return this.#connected;
  }

  /** An attempt failed, or a connection was lost, and there was no success since. */
  get failed(): boolean {
    return this.#failed;
  }

  /** The server closed the connection because nothing happened; nobody has tried to connect since. */
  get resting(): boolean {
    return this.#resting;
  }

  /** The degradation level that the server spoke of last on this connection (S8). */
  get level(): number {
    return this.#level;
  }

  about(document: string): Heard {
    return this.#heard.get(document) ?? NOTHING;
  }

  /** The client died: nothing reaches it any more, not even what is just arriving. */
  die(): void {
    this.#dead = true;
  }

  connect(events: TransportEvents): Connection {
    this.#attempt += 1;
    const attempt = this.#attempt;
    let codec: Codec | undefined;
    this.#resting = false;
    this.#level = 0;
    const current = (act: () => void): void => {
      if (attempt === this.#attempt) act();
    };
    const connection = this.#transport.connect({
      opened: (name) => {
        const known = SUBPROTOCOLS.find((subprotocol) => subprotocol === name);
        codec = known && codecFor(known);
        events.opened(name);
      },
      frame: (frame) => {
        const message = codec?.decodeDown(frame);
        if (message !== undefined) current(() => this.#arrives(message));
        if (!this.#dead) events.frame(frame);
      },
      closed: (code, reason, error) => {
        current(() => this.#lost(code));
        events.closed(code, reason, error);
      },
    });
    const decoded = (frame: Frame): UpMessage | undefined => codec?.decodeUp(frame);
    return {
      send: (frame) => {
        const message = attempt === this.#attempt ? decoded(frame) : undefined;
        if (message !== undefined) this.#sending(message);
        connection.send(frame);
        if (message !== undefined) this.#listener("sent", message);
      },
      close: (code, reason) => {
        current(() => this.#lost(code));
        connection.close(code, reason);
      },
      get bufferedBytes() {
        return connection.bufferedBytes;
      },
    };
  }

  #lost(code: number): void {
    // Whoever is let in with one token comes back with the next one at once: nothing is wrong.
    const expired = this.#connected && code === CLOSE_CODES.unauthenticated;
    this.#connected = false;
    this.#resting = code === CLOSE_CODES.idle;
    this.#failed = !this.#resting && !expired;
    for (const document of this.#heard.keys()) this.#note(document, { open: false });
  }

  #sending(message: UpMessage): void {
    if (message.type === "open") this.#note(message.document, { open: false, client: message.client });
    if (message.type === "close") this.#note(message.document, { open: false });
    if (message.type === "submit") {
      const sent = Math.max(message.sequence, this.about(message.document).sent);
      this.#note(message.document, { sent });
    }
    this.#listener("sending", message);
  }

  #arrives(message: DownMessage): void {
    if (message.type === "welcome") [this.#connected, this.#failed] = [true, false];
    if (message.type === "pong") this.#level = message.level ?? 0;
    if ("document" in message) this.#arrivesAbout(message);
    this.#listener("arrives", message);
  }

  #arrivesAbout(message: Extract<DownMessage, { readonly document: string }>): void {
    const { document } = message;
    switch (message.type) {
      case "opened": {
        const { part, content, sequence, role = "edit" } = message;
        const whole = part === undefined || part.from + lengthOf(content ?? []) >= part.length;
        if (whole) this.#note(document, { open: true, storageFails: false, refused: undefined, role });
        this.#acknowledged(document, sequence);
        break;
      }
      case "committed":
        for (const { client, sequence } of message.changes) {
          if (client === this.about(document).client) this.#acknowledged(document, sequence);
        }
        break;
      case "acknowledged":
        this.#acknowledged(document, message.sequence);
        break;
      case "rejected":
        this.#note(document, { storageFails: message.error.code === "storage_unavailable" });
        if (!message.error.retry) this.#note(document, { refused: message.error });
        break;
      case "closed":
        this.#note(document, { open: false, refused: message.error.retry ? undefined : message.error });
        break;
      case "presence":
    }
  }

  #acknowledged(document: string, sequence: number): void {
    const { acknowledged } = this.about(document);
    if (sequence > acknowledged) this.#note(document, { acknowledged: sequence, storageFails: false });
  }

  #note(document: string, change: Partial<Heard>): void {
    this.#heard.set(document, { ...this.about(document), ...change });
  }
}

function lengthOf(content: Operation): number {
  const lengths = content.filter(isInsert).map(({ insert }) => (typeof insert === "string" ? insert.length : 1));
  return lengths.reduce((sum, length) => sum + length, 0);
}
