import type { Transport, TransportEvents } from "@tutti/client";
import { isInsert, type Operation } from "@tutti/ot";
import {
  CLOSE_CODES,
  type Codec,
  type Connection,
  codecFor,
  type DownMessage,
  type ErrorData,
  type Open,
  SUBPROTOCOLS,
  type UpMessage,
} from "@tutti/protocol";

/** What was said about one document between one client and the server, as far as the client has heard it. */
export interface Heard {
  /** The client's name for its half; "" before it has asked for the document. */
  readonly client: string;
  /** It asked for the document, and the whole answer has come, on the connection that there is. */
  readonly open: boolean;
  /** The last sequence that it sent, and the newest one that it was told is durable. */
  readonly sent: number;
  readonly acknowledged: number;
  /** What was sent last was sent since the document was asked for: an answer to it counts. */
  readonly awaits: boolean;
  /** The server's last word on an edit was that it can't store. */
  readonly storageFails: boolean;
  /** Why the server gives it the document no more, or takes no edit; undefined while it does. */
  readonly refused: ErrorData | undefined;
  readonly role: string;
  /** It was told, last, that others edit now (S11). */
  readonly views: boolean;
  /** It was told, last, that nobody knows who is here (P1). */
  readonly presenceFails: boolean;
}

const NOTHING: Heard = {
  client: "",
  open: false,
  sent: 0,
  acknowledged: 0,
  awaits: false,
  storageFails: false,
  refused: undefined,
  role: "editor",
  views: false,
  presenceFails: false,
};

/** Somebody who is told that a message is about to be sent, was sent, or is about to reach the client. */
export type Listener = (when: "sending" | "sent" | "arrives", message: UpMessage | DownMessage) => void;

/** One connection of a client: that of what is seen, or one that brings home what an earlier tab left behind. */
interface Line {
  /** undefined: nobody can tell yet. */
  errand: "seen" | "left behind" | undefined;
}

/**
 * Listens on the wire of one client: what the client can know of the server, without asking the client. Nothing is
 * changed on the way.
 */
export class Witness implements Transport {
  readonly #transport: Transport;
  readonly #listener: Listener;
  readonly #heard = new Map<string, Heard>();
  /** The newest connection of what is seen. */
  #line: Line | undefined;
  /** Everybody as whom the client has asked for a document. */
  readonly #clients = new Set<string>();
  /** Documents in which an operation of its own came back to it with another effect than it may have here. */
  readonly toldOtherwise = new Set<string>();
  /** Connections for what was left behind, and so many who may connect for it. */
  #errands = 0;
  #connected = false;
  #failed = false;
  #resting = false;
  #level = 0;
  #dead = false;
  /** Messages and connections, come and gone, so far. */
  messages = 0;

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
    const line: Line = { errand: undefined };
    this.messages += 1;
    if (this.#line === undefined && this.#errands === 0) this.#isSeen(line);
    let codec: Codec | undefined;
    const connection = this.#transport.connect({
      opened: (name) => {
        const known = SUBPROTOCOLS.find((subprotocol) => subprotocol === name);
        codec = known && codecFor(known);
        events.opened(name);
      },
      frame: (frame) => {
        const message = codec?.decodeDown(frame);
        if (message !== undefined) this.#arrives(line, message);
        if (!this.#dead) events.frame(frame);
      },
      closed: (code, reason, error) => {
        this.#closed(line, code);
        events.closed(code, reason, error);
      },
    });
    return {
      send: (frame) => {
        const message = codec?.decodeUp(frame);
        if (message !== undefined) this.#sending(line, message);
        connection.send(frame);
        if (message !== undefined) this.#listener("sent", message);
      },
      close: (code, reason) => {
        if (line.errand === "left behind" && code === CLOSE_CODES.normal) this.#errands -= 1;
        this.#closed(line, code);
        connection.close(code, reason);
      },
      get bufferedBytes() {
        return connection.bufferedBytes;
      },
    };
  }

  #isSeen(line: Line): void {
    line.errand = "seen";
    this.#line = line;
    this.#resting = false;
    this.#level = 0;
  }

  /** Who asks for a document says who they are: the first one to ask is the one whose text is seen. */
  #identify(line: Line, { document, client }: Open): void {
    const { client: seen } = this.about(document);
    if (seen === "" || seen === client) {
      if (this.#line !== line) this.#isSeen(line);
      [this.#connected, this.#failed] = [true, false];
      return;
    }
    if (line.errand !== "left behind") this.#errands += 1;
    line.errand = "left behind";
    if (this.#line === line) this.#line = undefined;
  }

  #closed(line: Line, code: number): void {
    this.messages += 1;
    if (this.#line !== line) return;
    this.#line = undefined;
    // Whoever is let in with one token comes back with the next one at once: nothing is wrong.
    const expired = this.#connected && code === CLOSE_CODES.unauthenticated;
    this.#connected = false;
    this.#resting = code === CLOSE_CODES.idle;
    this.#failed = !this.#resting && !expired;
    for (const document of this.#heard.keys()) this.#note(document, { open: false });
  }

  #sending(line: Line, message: UpMessage): void {
    this.messages += 1;
    if (message.type === "open") {
      this.#clients.add(message.client);
      this.#identify(line, message);
    }
    if (line === this.#line) this.#sendingAboutSeen(message);
    this.#listener("sending", message);
  }

  #sendingAboutSeen(message: UpMessage): void {
    if (message.type === "open") this.#note(message.document, { open: false, awaits: false, client: message.client });
    if (message.type === "close") this.#note(message.document, { open: false, awaits: false });
    if (message.type !== "submit") return;
    this.#note(message.document, { sent: message.sequence, awaits: true });
  }

  #arrives(line: Line, message: DownMessage): void {
    this.messages += 1;
    if (message.type === "opened" || message.type === "committed") {
      const own = (message.changes ?? []).filter(({ client }) => this.#clients.has(client));
      if (own.some(({ operation }) => operation !== undefined)) this.toldOtherwise.add(message.document);
    }
    if (line === this.#line) {
      if (message.type === "pong") this.#level = message.level ?? 0;
      if (message.type !== "failed" && "document" in message) this.#arrivesAbout(message);
    }
    this.#listener("arrives", message);
  }

  #arrivesAbout(message: Extract<DownMessage, { readonly document: string }>): void {
    const { document } = message;
    switch (message.type) {
      case "opened": {
        const { part, content, sequence, role = "editor", place } = message;
        const told = { role, views: place === "viewing", presenceFails: false };
        const whole = part === undefined || part.from + lengthOf(content ?? []) >= part.length;
        if (whole) this.#note(document, { open: true, storageFails: false, refused: undefined, ...told });
        this.#acknowledged(document, sequence);
        break;
      }
      case "committed":
        this.#note(document, { storageFails: false });
        for (const { client, sequence } of message.changes) {
          if (client === this.about(document).client) this.#acknowledged(document, sequence);
        }
        break;
      case "acknowledged":
        this.#acknowledged(document, message.sequence);
        break;
      case "rejected":
        if (!this.#isAwaited(document, message.sequence)) break;
        this.#note(document, { storageFails: message.error.code === "storage_unavailable" });
        if (!message.error.retry) this.#note(document, { refused: message.error });
        break;
      case "closed":
        this.#note(document, { open: false, refused: message.error.retry ? undefined : message.error });
        break;
      case "presence":
        if (message.available !== undefined) this.#note(document, { presenceFails: !message.available });
        break;
      case "attendance":
        this.#note(document, { views: message.place !== "editing" });
        break;
      case "alert":
    }
  }

  /** Neither an answer to what was sent before, nor a late one to what is durable by now. */
  #isAwaited(document: string, sequence: number): boolean {
    const { awaits, sent, acknowledged } = this.about(document);
    return awaits && sent === sequence && sequence > acknowledged;
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
