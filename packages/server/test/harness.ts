import type { IdenticalInserts, Operation } from "@tutti/ot";
import { codecFor, type DownMessage, type Frame, type Limits, type Subprotocol, type UpMessage } from "@tutti/protocol";
import { MemoryDisk, MemoryStore, SeededRandom, TestAuthenticator, VirtualClock } from "@tutti/testkit";
import { silentLog } from "../src/log.js";
import { createServer, type ServerEnvironment, type TuttiServer } from "../src/server.js";

/** What a test may set of the server; rate limits are off unless it is about them. */
export type ProtectionSettings = Pick<
  ServerEnvironment,
  | "protection"
  | "rateLimits"
  | "vitals"
  | "log"
  | "idle"
  | "crowd"
  | "presence"
  | "observer"
  | "vandalism"
  | "contentCheck"
>;

/** A server in virtual time on a store with faults, and one document "doc". */
export class World {
  readonly clock = new VirtualClock();
  readonly disk = new MemoryDisk();
  store: MemoryStore;
  server: TuttiServer;
  readonly #limits: Partial<Limits>;
  readonly #settings: Partial<ProtectionSettings>;

  private constructor(limits: Partial<Limits>, settings: Partial<ProtectionSettings>) {
    this.#limits = limits;
    this.#settings = { rateLimits: false, ...settings };
    this.store = this.#newStore();
    this.server = this.#newServer();
  }

  static async create(
    limits: Partial<Limits> = {},
    {
      identicalInserts = "merge",
      ...settings
    }: Partial<ProtectionSettings & { identicalInserts: IdenticalInserts }> = {},
  ): Promise<World> {
    const world = new World(limits, settings);
    await world.done(
      world.store.createDocument({
        id: "doc",
        title: "T",
        kind: "plain",
        identicalInserts,
        createdBy: "ann",
        createdAt: 1,
        updatedAt: 1,
      }),
    );
    return world;
  }

  /** Lets virtual time pass until the promise settles. */
  async done<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const mark = (): void => {
      settled = true;
    };
    promise.then(mark, mark);
    await this.clock.runUntil(() => settled, 120_000);
    return promise;
  }

  /** Lets everything under way come to its end. */
  async quiet(milliseconds = 200): Promise<void> {
    await this.clock.advance(milliseconds);
  }

  connect(subprotocol: Subprotocol = "tutti.v1+json", address?: string): Peer {
    return new Peer(this, subprotocol, address);
  }

  /** A connection that has said hello and opened "doc". */
  async join(user: string, client = `${user}-1`, version?: number): Promise<Peer> {
    const peer = this.connect();
    peer.say({ type: "hello", token: user });
    peer.say({ type: "open", document: "doc", client, ...(version === undefined ? undefined : { version }) });
    await this.quiet();
    return peer;
  }

  /** The same, of a client that knows of places. */
  async attend(user: string, client = `${user}-1`): Promise<Peer> {
    const peer = this.connect();
    peer.say({ type: "hello", token: user });
    peer.say({ type: "open", document: "doc", client, attendance: true });
    await this.quiet(20);
    return peer;
  }

  /** kill -9 and a new process on the same disk. */
  restart(): void {
    this.store.crash();
    this.store = this.#newStore();
    this.server = this.#newServer();
  }

  #newStore(): MemoryStore {
    return new MemoryStore(this.disk, { clock: this.clock, random: new SeededRandom(7) });
  }

  #newServer(): TuttiServer {
    const { clock, store } = this;
    const random = new SeededRandom(8);
    // A token is the person's id, perhaps with a time of expiry: signatures are tested elsewhere.
    const outside = { store, clock, random, authenticator: new TestAuthenticator(clock), log: silentLog };
    return createServer({ ...outside, limits: this.#limits, ...this.#settings });
  }
}

type OfType<T extends DownMessage["type"]> = Extract<DownMessage, { readonly type: T }>;

/** The other end of a connection, by hand. */
export class Peer {
  readonly received: DownMessage[] = [];
  closedWith: { readonly code: number; readonly reason: string } | undefined;
  bufferedBytes = 0;
  /** How many want the server not to read from here. */
  pauses = 0;
  readonly #codec;
  readonly #events;

  constructor(world: World, subprotocol: Subprotocol, address: string | undefined) {
    const codec = codecFor(subprotocol);
    this.#codec = codec;
    const peer = this;
    this.#events = world.server.accept(
      {
        send: (frame) => {
          if (peer.closedWith === undefined) peer.received.push(codec.decodeDown(frame));
        },
        close: (code, reason) => {
          peer.closedWith ??= { code, reason };
        },
        pause: () => {
          peer.pauses += 1;
          return () => {
            peer.pauses -= 1;
          };
        },
        get bufferedBytes() {
          return peer.bufferedBytes;
        },
      },
      subprotocol,
      address,
    );
  }

  say(message: UpMessage): void {
    this.raw(this.#codec.encode(message));
  }

  raw(frame: Frame): void {
    this.#events.frame(frame);
  }

  submit(sequence: number, version: number, operation: Operation | readonly unknown[]): void {
    this.say({ type: "submit", document: "doc", sequence, version, operation });
  }

  /** The network breaks. */
  drop(): void {
    this.closedWith ??= { code: 1006, reason: "" };
    this.#events.closed(1006, "");
  }

  all<T extends DownMessage["type"]>(type: T): readonly OfType<T>[] {
    return this.received.filter((message): message is OfType<T> => message.type === type);
  }

  last<T extends DownMessage["type"]>(type: T): OfType<T> {
    const found = this.all(type).at(-1);
    if (found === undefined) throw new Error(`no ${type} came; got ${JSON.stringify(this.received)}`);
    return found;
  }

  /** Codes of all errors that came, in whatever message. */
  errors(): readonly string[] {
    return this.received.flatMap((message) => ("error" in message ? [message.error.code] : []));
  }
}
