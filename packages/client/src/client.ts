import { type Cancel, TuttiError } from "@tutti/protocol";
import { defaultWebSocket } from "#default-websocket";
import { connectAddress } from "./address.js";
import { Link, type TokenSource } from "./connection/link.js";
import { type WebSocketConstructor, webSocketTransport } from "./connection/websocket.js";
import { OpenDocument, type Outside } from "./document/handle.js";
import { systemClock, systemOnline, systemRandom } from "./environment.js";
import { OfflineDocuments } from "./offline/offline-documents.js";
import type { OfflineStore } from "./offline/offline-store.js";
import type { ClientEnvironment, DocumentHandle, Transport } from "./types.js";

export interface ClientOptions {
  /** Of the server: http(s) or ws(s), with the path in front of `/v1/connect` where there is one. */
  readonly url: string;
  /** Who I am; a function is asked anew before every connection. */
  readonly token: TokenSource;
  /** The WebSocket to use; left out: the platform's own, or in an older Node that of the `ws` package. */
  readonly WebSocket?: WebSocketConstructor;
  /**
   * Characters that both sides may have changed in the same paragraphs, while I was away, before I am asked (C12); left
   * out: 50,000. What is below merges by itself.
   */
  readonly conflictAbove?: number;
  /**
   * Where edits wait for the network beyond the life of this tab or process (C3): `browserStore(…)`, or `folderStore(…)` of
   * "@tutti/client/node". Left out: they wait in memory.
   */
  readonly offline?: OfflineStore;
  /** So many documents stay in it for opening without network, besides those with pending edits; left out: 100. */
  readonly offlineDocuments?: number;
  /**
   * Milliseconds from one operation on a document to the next: what is typed meanwhile is sent as one (E11). The first
   * one after a pause goes at once, and so does everything at `saved()` and `close()`. Left out: 50.
   */
  readonly sendInterval?: number;
  /** Replaces parts of the outside world: for tests and simulations. */
  readonly environment?: Partial<ClientEnvironment>;
}

const CONFLICT_ABOVE = 50_000;
const OFFLINE_DOCUMENTS = 100;

/** A person's connection to a server, with any number of open documents on it. */
export class TuttiClient {
  readonly #outside: Outside;
  readonly #documents = new Map<string, DocumentHandle>();
  readonly #ignoreOnline: Cancel;
  #closed = false;

  /** @throws TuttiError `invalid_request` when the address is none, or there is no WebSocket here */
  constructor(options: ClientOptions) {
    const { clock = systemClock, random = systemRandom, online = systemOnline } = options.environment ?? {};
    const transport = options.environment?.transport ?? defaultTransport(options);
    const connect = (): Link => new Link({ token: options.token, transport, clock, random });
    const link = connect();
    const { offline: store, offlineDocuments: documents = OFFLINE_DOCUMENTS, sendInterval: interval } = options;
    const offline = store && new OfflineDocuments({ store, clock, documents });
    const { conflictAbove = CONFLICT_ABOVE } = options;
    const { engine } = options.environment ?? {};
    const open = (id: string): DocumentHandle => this.open(id);
    this.#outside = { link, clock, random, offline, connect, interval, conflictAbove, engine, open };
    this.#ignoreOnline = online(() => link.wake());
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

function defaultTransport({ url, WebSocket }: ClientOptions): Transport {
  const own = (globalThis as { readonly WebSocket?: unknown }).WebSocket as WebSocketConstructor | undefined;
  const Constructor = WebSocket ?? own ?? defaultWebSocket;
  if (Constructor === undefined) {
    throw new TuttiError("invalid_request", "WebSocket: there is none here, pass a constructor");
  }
  return webSocketTransport(Constructor, connectAddress(url));
}
