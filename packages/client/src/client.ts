import { type Cancel, type Device, TuttiError, type Visibility } from "@tutti/protocol";
import type { ConnectionState } from "./connection/connection-state.js";
import type { TokenSource } from "./connection/credentials.js";
import { Link } from "./connection/link.js";
import type { TransportKind } from "./connection/routes.js";
import { type TransportOptions, waysTo } from "./connection/transports.js";
import { OpenDocument, type Outside } from "./document/handle.js";
import { systemClock, systemDevice, systemOnline, systemRandom } from "./environment.js";
import type { Offline } from "./offline/offline.js";
import type { ClientEnvironment, DocumentHandle } from "./types.js";

export interface ClientOptions extends Omit<TransportOptions, "environment"> {
  /** Who I am; a function is asked anew before every connection, and before the token expires. */
  readonly token: TokenSource;
  /**
   * Characters that both sides may have changed in the same paragraphs, while I was away, before I am asked (C12); left
   * out: 50,000. What is below merges by itself.
   */
  readonly conflictAbove?: number;
  /**
   * Where edits wait for the network beyond the life of this tab or process (C3): `browserStore(…)` of
   * "@tutti/client/offline", or `folderStore(…)` of "@tutti/client/node". Left out: they wait in memory.
   */
  readonly offline?: Offline;
  /**
   * Milliseconds from one operation on a document to the next: what is typed meanwhile is sent as one (E11). The first
   * one after a pause goes at once, and so does everything at `saved()` and `close()`. Left out: 50.
   */
  readonly sendInterval?: number;
  /** What I work with, for the others to see; left out: what the platform says. */
  readonly device?: Device;
  /**
   * How others see me while I only view (P5), until `doc.presence.visibility` is set; a function is asked for each document
   * that is opened. Left out: by name.
   */
  readonly visibility?: Visibility | (() => Visibility);
  /** Replaces parts of the outside world: for tests and simulations. */
  readonly environment?: Partial<ClientEnvironment>;
}

const CONFLICT_ABOVE = 50_000;
export interface ClientEvents {
  connection: ConnectionState;
}

/** A person's connection to a server, with any number of open documents on it. */
export class TuttiClient {
  readonly #outside: Outside;
  readonly #documents = new Map<string, DocumentHandle>();
  readonly #ignoreOnline: Cancel;
  #token: TokenSource;
  #closed = false;

  /** @throws TuttiError `invalid_request` when the address is none, or there is no WebSocket here */
  constructor(options: ClientOptions) {
    const { clock = systemClock, random = systemRandom, online = systemOnline } = options.environment ?? {};
    const ways = waysTo(options, { clock, random });
    this.#token = options.token;
    const connect = (): Link => new Link({ token: this.#token, ...ways, clock, random });
    const link = connect();
    const { conflictAbove = CONFLICT_ABOVE, sendInterval: interval, device = systemDevice(), visibility } = options;
    const { engine } = options.environment ?? {};
    const offline = options.offline?.attach(clock);
    const open = (id: string): DocumentHandle => this.open(id);
    const introduction = { device, visibility };
    this.#outside = { link, clock, random, offline, connect, interval, conflictAbove, engine, open, ...introduction };
    this.#ignoreOnline = online((event = "online") => link.platform(event));
  }

  /** How the connection stands. */
  get connection(): ConnectionState {
    return this.#outside.link.connection;
  }

  /** "polling" where WebSockets are blocked (C13). */
  get transport(): TransportKind {
    return this.connection.transport;
  }

  /** Told whenever `connection` has changed. */
  on<E extends keyof ClientEvents>(_event: E, listener: (value: ClientEvents[E]) => void): Cancel {
    return this.#outside.link.onConnection(listener);
  }

  /**
   * A newer token, or a new source of them: it counts at once, also on a connection that is there. Where the client has
   * stopped because the server refused the one before, it goes on, with everything that was typed meanwhile (A1).
   */
  setToken(token: TokenSource): void {
    this.#token = token;
    this.#outside.link.setToken(token);
  }

  /**
   * Opens a document; while it is open, the same id gives the same handle.
   * @throws TuttiError `invalid_request` for an id that no document can have, `unexpected_message` after `close`
   */
  open(id: string): DocumentHandle {
    if (this.#closed) throw new TuttiError("unexpected_message", "the client was closed");
    if (id.length === 0 || id.length > 64) throw new TuttiError("invalid_request", "id: expected 1 to 64 characters");
    const known = this.#documents.get(id);
    if (known !== undefined) return known;
    const document: DocumentHandle = new OpenDocument(id, this.#outside, () => {
      if (this.#documents.get(id) === document) this.#documents.delete(id);
    });
    this.#documents.set(id, document);
    return document;
  }

  /** Closes all documents, and then the connection. What is not saved yet is still sent, if the network allows. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#ignoreOnline();
    for (const document of [...this.#documents.values()]) document.close();
    this.#outside.link.close();
  }
}
