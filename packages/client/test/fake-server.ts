import { admit, Document, type IdenticalInserts, type Operation, parseOperation } from "@tutti/ot";
import {
  type Change,
  type Codec,
  type Connection,
  codecFor,
  DEFAULT_LIMITS,
  type DownMessage,
  type Frame,
  type Open,
  type PresenceEntry,
  type Role,
  type Submit,
  type Subprotocol,
  type UpMessage,
} from "@tutti/protocol";
import type { Transport, TransportEvents } from "../src/index.js";

export const HEARTBEAT = 10_000;

/** The server's end of one connection. Frames wait in both directions until the test delivers them. */
export class FakeConnection {
  /** Everything that arrived at the server on this connection. */
  readonly received: UpMessage[] = [];
  readonly subprotocol: Subprotocol;
  readonly #server: FakeServer;
  readonly #events: TransportEvents;
  readonly #codec: Codec;
  #up: Frame[] = [];
  #down: Frame[] = [];
  opened = false;
  /** A token was taken here. */
  greeted = false;
  /** Set when the client closed it. */
  closedByClient: { readonly code: number; readonly reason: string } | undefined;
  gone = false;

  constructor(server: FakeServer, events: TransportEvents, subprotocol: Subprotocol) {
    this.#server = server;
    this.#events = events;
    this.subprotocol = subprotocol;
    this.#codec = codecFor(subprotocol);
  }

  /** The client's end. */
  readonly client: Connection = {
    send: (frame) => {
      if (!this.gone) this.#up.push(frame);
    },
    close: (code, reason) => {
      this.closedByClient = { code, reason };
      this.gone = true;
      this.#server.leave(this);
    },
    bufferedBytes: 0,
  };

  get waiting(): number {
    return this.#up.length + this.#down.length + (this.opened || this.gone ? 0 : 1);
  }

  /** The socket opens. */
  open(subprotocol: string = this.subprotocol): void {
    this.opened = true;
    this.#events.opened(subprotocol);
  }

  /** Lets at most `count` frames arrive at the server. */
  deliverUp(count = Number.POSITIVE_INFINITY): void {
    for (let left = count; left > 0 && !this.gone; left -= 1) {
      const frame = this.#up.shift();
      if (frame === undefined) return;
      const message = this.#codec.decodeUp(frame);
      this.received.push(message);
      this.#server.handle(this, message);
    }
  }

  /** Lets at most `count` frames arrive at the client. */
  deliverDown(count = Number.POSITIVE_INFINITY): void {
    for (let left = count; left > 0 && !this.gone; left -= 1) {
      const frame = this.#down.shift();
      if (frame === undefined) return;
      this.#events.frame(frame);
    }
  }

  /** The next `count` frames for the client are lost, as no real connection would do. */
  dropDown(count = 1): void {
    this.#down.splice(0, count);
  }

  /** Queues a message for the client. */
  send(message: DownMessage): void {
    if (!this.gone) this.#down.push(this.#codec.encode(message));
  }

  /** Queues a frame as it is. */
  sendFrame(frame: Frame): void {
    this.#down.push(frame);
  }

  /** The connection breaks: what is under way in either direction is lost. */
  lose(code = 1006, reason = ""): void {
    if (this.gone) return;
    this.gone = true;
    this.#server.leave(this);
    this.#events.closed(code, reason);
  }

  /** All that waits is delivered, and what it causes. */
  pump(): void {
    if (!this.opened && !this.gone) this.open();
    while (this.#up.length + this.#down.length > 0 && !this.gone) {
      this.deliverUp();
      this.deliverDown();
    }
  }
}

interface Member {
  readonly connection: FakeConnection;
  readonly open: Open;
  entry: PresenceEntry;
}

/** A small model of the server for one document: commits at once, remembers everything, forgets nothing. */
export class FakeServer {
  readonly connections: FakeConnection[] = [];
  readonly log: Required<Omit<Change, "versions">>[] = [];
  readonly subprotocol: Subprotocol;
  document: Document;
  limits = DEFAULT_LIMITS;
  /** undefined: a server that does not say. */
  identicalInserts: IdenticalInserts | undefined;
  /** What everybody may do here; undefined: a server that does not say. */
  role: Role | undefined;
  /** It has forgotten what changed since the version that a client names. */
  answersContentOnly = false;
  /** Milliseconds that a token is good for; undefined: for ever; "refused": not at all. */
  judge: (token: string) => number | undefined | "refused" = () => undefined;
  /** Answers instead of the model; false: let the model answer. */
  intercept: (connection: FakeConnection, message: UpMessage) => boolean = () => false;
  #members: Member[] = [];

  constructor(content: Operation = [], subprotocol: Subprotocol = "tutti.v1") {
    this.document = Document.fromOperation(content);
    this.subprotocol = subprotocol;
  }

  readonly transport: Transport = {
    connect: (events) => {
      const connection = new FakeConnection(this, events, this.subprotocol);
      this.connections.push(connection);
      return connection.client;
    },
  };

  /** Another way to the same server, as polling is: its connections speak JSON. */
  readonly fallback: Transport = {
    connect: (events) => {
      const connection = new FakeConnection(this, events, "tutti.v1+json");
      this.connections.push(connection);
      return connection.client;
    },
  };

  get version(): number {
    return this.log.length;
  }

  /** The newest connection. */
  get connection(): FakeConnection {
    const newest = this.connections.at(-1);
    if (newest === undefined) throw new Error("nobody connected");
    return newest;
  }

  /** Delivers everything on all connections until all is quiet. */
  pump(): void {
    while (this.connections.some((connection) => !connection.gone && connection.waiting > 0)) {
      for (const connection of this.connections) if (!connection.gone) connection.pump();
    }
  }

  /** All submits that arrived, on all connections. */
  get submits(): readonly Submit[] {
    return this.connections.flatMap((connection) => connection.received).filter((up) => up.type === "submit");
  }

  handle(connection: FakeConnection, message: UpMessage): void {
    if (this.intercept(connection, message)) return;
    switch (message.type) {
      case "hello":
        this.#greet(connection, message.token);
        break;
      case "open":
        this.#open(connection, message);
        break;
      case "submit":
        this.#submit(connection, message);
        break;
      case "move":
        this.#moved(connection, (entry) => ({ ...entry, cursor: message.cursor }));
        break;
      case "close":
        this.leave(connection);
        break;
      case "ping":
        connection.send({ type: "pong" });
    }
  }

  /** Somebody who needs no connection edits the newest version. */
  commit(operation: Operation, client = "somebody", sequence = this.#sequenceOf(client) + 1): void {
    this.document = this.document.apply(operation);
    const change = { client, sequence, user: `user-of-${client}`, operation, checksum: this.document.checksum };
    this.log.push(change);
    for (const { connection, open } of this.#members) {
      connection.send({
        type: "committed",
        document: open.document,
        version: this.version,
        changes: [forMember(change, open)],
      });
    }
  }

  leave(connection: FakeConnection): void {
    this.#moved(connection, (entry) => ({ ...entry, gone: true }));
    this.#members = this.#members.filter((member) => member.connection !== connection);
  }

  /** The answer to an `open`. */
  opened(open: Open): Extract<DownMessage, { type: "opened" }> {
    const { version } = open;
    const changes =
      typeof version === "number" && !this.answersContentOnly
        ? this.log.slice(version).map((change) => forMember(change, open))
        : undefined;
    return {
      type: "opened",
      document: open.document,
      version: this.version,
      checksum: this.document.checksum,
      sequence: this.#sequenceOf(open.client),
      kind: "rich",
      title: "A title",
      ...(changes === undefined ? { content: this.document.toDelta() } : { changes }),
      presence: this.#members.map((member) => member.entry),
      ...(this.role === undefined ? {} : { role: this.role }),
      ...(this.identicalInserts === undefined ? {} : { identicalInserts: this.identicalInserts }),
    };
  }

  #greet(connection: FakeConnection, token: string): void {
    const expiresIn = this.judge(token);
    if (expiresIn === "refused") {
      const error = { code: "unauthenticated", message: `no ${token}`, retry: false } as const;
      connection.send({ type: "failed", error });
      if (connection.greeted) return;
      connection.deliverDown();
      connection.lose(4401, "unauthenticated");
      return;
    }
    connection.greeted = true;
    const user = { id: `user-of-${token}`, name: token };
    connection.send({ type: "welcome", user, limits: this.limits, heartbeat: HEARTBEAT, expiresIn });
  }

  #open(connection: FakeConnection, open: Open): void {
    this.leave(connection);
    connection.send(this.opened(open));
    const token = connection.received.find((up) => up.type === "hello")?.token ?? "?";
    const entry = { client: open.client, user: { id: `user-of-${token}`, name: token }, cursor: null };
    this.#members.push({ connection, open, entry });
    this.#moved(connection, (same) => same);
  }

  #submit(connection: FakeConnection, submit: Submit): void {
    const member = this.#members.find((candidate) => candidate.connection === connection);
    if (member === undefined) return;
    const { client } = member.open;
    const { sequence, document } = submit;
    const done = this.log.findIndex((change) => change.client === client && change.sequence === sequence);
    if (done >= 0) {
      connection.send({ type: "acknowledged", document, sequence, version: done + 1 });
      return;
    }
    if (sequence !== this.#sequenceOf(client) + 1 || submit.version > this.version) {
      throw new Error(`a client sent sequence ${sequence} on version ${submit.version}`);
    }
    const since = this.log.slice(submit.version).map((change) => change.operation);
    this.commit(admit(parseOperation(submit.operation), since as Operation[], this.identicalInserts), client, sequence);
  }

  #sequenceOf(client: string): number {
    return this.log.findLast((change) => change.client === client)?.sequence ?? 0;
  }

  #moved(connection: FakeConnection, change: (entry: PresenceEntry) => PresenceEntry): void {
    const member = this.#members.find((candidate) => candidate.connection === connection);
    if (member === undefined) return;
    member.entry = change(member.entry);
    for (const other of this.#members) {
      other.connection.send({ type: "presence", document: other.open.document, entries: [member.entry] });
    }
  }
}

function forMember(change: Required<Omit<Change, "versions">>, { client }: Open): Change {
  const { operation: _own, ...acknowledgement } = change;
  return change.client === client ? acknowledgement : change;
}
