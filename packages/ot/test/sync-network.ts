import {
  admit,
  applyWithEmbeds,
  catchUp,
  type Delivered,
  type Delivery,
  type Document,
  deliver,
  deliverOwn,
  delivery,
  EMPTY_UNDO_HISTORY,
  type EmbedTypes,
  edit,
  equalOperations,
  flush,
  heard,
  type IdenticalInserts,
  invert,
  NO_EMBED_TYPES,
  type Operation,
  operationsOf,
  piecesOf,
  putStep,
  rebaseHistory,
  recordEdit,
  rejoin,
  Spans,
  type SyncState,
  synchronised,
  takeStep,
  type UndoHistory,
} from "../src/index.js";

/** What a client sends: made on which version, and its number, so that it is committed once. */
interface Submission {
  readonly sequence: number;
  readonly version: number;
  readonly operation: Operation;
}

interface Client {
  state: SyncState;
  document: Document;
  history: UndoHistory;
  sequence: number;
  online: boolean;
  up: Submission[];
  down: Delivered[];
}

/** What the server knows of a client. */
interface Author {
  /** In memory only. */
  told: Delivery;
  /** How far the connection was really told. */
  sent: number;
  /** Stored with the last operation of this author. */
  stored: { readonly sequence: number; readonly told: Delivery };
}

/**
 * A server and its clients as values; clients fall behind, lose their connection and what is under way on it, come back,
 * and are told one by one or in spans, as the caller decides. The server may restart and knows only what is stored then.
 */
export class PieceNetwork {
  readonly #clients: Client[];
  readonly #authors: Author[];
  /** The settings of the document, the same for everybody. */
  readonly #settings: { readonly identical: IdenticalInserts; readonly embeds: EmbedTypes };
  readonly contents: Document[];
  spans: Spans;
  /** Pieces of more than one operation that were delivered: a run that has none proves nothing. */
  composed = 0;

  constructor(base: Document, clients: number, identical: IdenticalInserts, embeds: EmbedTypes = NO_EMBED_TYPES) {
    this.#settings = { identical, embeds };
    this.spans = Spans.from(0, embeds);
    this.contents = [base];
    this.#clients = Array.from({ length: clients }, () => ({
      state: synchronised(0),
      document: base,
      history: EMPTY_UNDO_HISTORY,
      sequence: 0,
      online: true,
      up: [],
      down: [],
    }));
    this.#authors = this.#clients.map(() => ({
      told: delivery(0),
      sent: 0,
      stored: { sequence: 0, told: delivery(0) },
    }));
  }

  get server(): Document {
    return this.contents[this.spans.end] as Document;
  }

  see(client: number): Document {
    return this.#at(client).document;
  }

  edit(client: number, operation: Operation): void {
    const me = this.#at(client);
    const { embeds } = this.#settings;
    me.history = recordEdit(me.history, invert(operation, me.document, embeds), false, embeds);
    this.#change(me, operation);
  }

  /** An edit of one who is live and has nothing in flight: it is sent, taken, and answered at once. */
  commit(client: number, operation: Operation): void {
    this.edit(client, operation);
    this.flush(client);
    this.take(client, "operation");
    this.tell(client, "operation");
    this.hear(client, Number.POSITIVE_INFINITY);
  }

  /** Takes this client's newest step back, or makes it again; false where there is none. */
  step(client: number, kind: "undo" | "redo"): boolean {
    const me = this.#at(client);
    const { embeds } = this.#settings;
    const taken = takeStep(me.history, kind, embeds);
    if (taken === undefined) return false;
    const inverse = invert(taken.operation, me.document, embeds);
    me.history = putStep(taken.rest, kind === "undo" ? "redo" : "undo", inverse);
    this.#change(me, taken.operation);
    return true;
  }

  flush(client: number): void {
    const me = this.#at(client);
    if (me.state.kind !== "buffered") return;
    me.state = flush(me.state);
    me.sequence += 1;
    if (me.online) this.#submit(me);
  }

  /** The server takes what this client sent, and decides how it is told of what it does not know of yet. */
  take(client: number, by: "operation" | "span"): void {
    const author = this.#authorOf(client);
    const submission = this.#at(client).up.shift();
    if (submission === undefined || submission.sequence <= author.stored.sequence) return;
    const told = deliver(heard(author.told, submission.version), this.spans.end, by);
    const operation = admit(submission.operation, operationsOf(this.#pieces(told)), this.#settings);
    this.contents.push(this.#applied(this.server, operation));
    this.spans = this.spans.append(operation);
    author.told = deliverOwn(told);
    author.stored = { sequence: submission.sequence, told: author.told };
  }

  /** Everything up to now goes on its way to this client, one by one or in spans where it is not decided yet. */
  tell(client: number, by: "operation" | "span"): void {
    const me = this.#at(client);
    if (!me.online) return;
    const author = this.#authorOf(client);
    author.told = deliver(author.told, this.spans.end, by);
    const pieces = this.#pieces(author.told, author.sent);
    me.down.push(...pieces);
    author.sent = this.spans.end;
    this.composed += pieces.filter(({ from, to }) => to - from > 1).length;
  }

  /** The client hears of `count` pieces. */
  hear(client: number, count: number): void {
    const me = this.#at(client);
    for (const piece of me.down.splice(0, count)) {
      if (piece.own && !("inFlight" in me.state && equalOperations(me.state.inFlight, piece.operation))) {
        throw new Error(`version ${piece.to} is not what client ${client} has in flight`);
      }
      const { state, apply } = catchUp(me.state, [piece], this.#settings);
      me.state = state;
      for (const operation of apply) {
        me.document = this.#applied(me.document, operation);
        me.history = rebaseHistory(me.history, operation, this.#settings.embeds);
      }
      const known = this.contents[state.version];
      if (state.kind === "synchronised" && known?.checksum !== me.document.checksum) {
        throw new Error(`client ${client} differs at version ${state.version}`);
      }
    }
  }

  /** The connection breaks: what is under way in both directions is lost. */
  leave(client: number): void {
    Object.assign(this.#at(client), { online: false, up: [], down: [] });
  }

  /** The client comes back, says what it has, and sends again what was not answered. */
  join(client: number): void {
    const me = this.#at(client);
    if (me.online) return;
    me.online = true;
    const author = this.#authorOf(client);
    author.told = rejoin(author.told, me.state.version);
    author.sent = me.state.version;
    if ("inFlight" in me.state) this.#submit(me);
  }

  /** The server stops and starts: everybody is away, and what was only in memory is gone. */
  restart(): void {
    this.#clients.forEach((_, client) => {
      this.leave(client);
    });
    for (const author of this.#authors) author.told = author.stored.told;
    this.spans = Spans.of(0, this.spans.pieces(), this.#settings.embeds);
  }

  /** Drops detail that nobody needs who is known here. */
  compact(length: number): void {
    const needed = this.#authors.map(({ told, stored }) => Math.min(told.base, stored.told.base));
    const versions = this.#clients.map(({ state }) => state.version);
    this.spans = this.spans.compact(Math.min(...needed, ...versions), length);
  }

  /** Everybody comes back and sends and hears everything. */
  settle(by: "operation" | "span"): void {
    const all = this.#clients.map((_, client) => client);
    for (let busy = true; busy; ) {
      for (const client of all) {
        this.join(client);
        this.flush(client);
      }
      for (const client of all) while (this.#at(client).up.length > 0) this.take(client, by);
      for (const client of all) {
        this.tell(client, by);
        this.hear(client, Number.POSITIVE_INFINITY);
      }
      busy = this.#clients.some(({ state }) => state.kind !== "synchronised" || state.version < this.spans.end);
    }
  }

  #change(me: Client, operation: Operation): void {
    me.document = this.#applied(me.document, operation);
    me.state = edit(me.state, operation, this.#settings.embeds);
  }

  #applied(document: Document, operation: Operation): Document {
    return applyWithEmbeds(document, operation, this.#settings.embeds);
  }

  #submit(me: Client): void {
    if (!("inFlight" in me.state)) return;
    me.up.push({ sequence: me.sequence, version: me.state.version, operation: me.state.inFlight });
  }

  #pieces(told: Delivery, from?: number): readonly Delivered[] {
    const pieces = piecesOf(told, this.spans, from);
    if (pieces === undefined) throw new Error("history lost what somebody needs");
    return pieces;
  }

  #at(client: number): Client {
    return this.#clients[client] as Client;
  }

  #authorOf(client: number): Author {
    return this.#authors[client] as Author;
  }
}
