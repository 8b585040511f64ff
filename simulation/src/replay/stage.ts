import { type DocumentHandle, preload, TuttiClient } from "@tutti/client";
import {
  MemoryDisk,
  SeededRandom,
  type SimulatedHost,
  type SimulatedLink,
  SimulatedNetwork,
  VirtualClock,
} from "@tutti/testkit";
import { ServerProcess } from "../world/server-process.js";
import { Trace } from "../world/trace.js";

// Loading takes real time, and nothing here may.
await preload();

const DOCUMENT = "recording";
/** Simulated milliseconds after which something that should happen at once is held for missing. */
const PATIENCE = 1000;
/** The same for somebody who comes back by themselves, with a backoff. */
const PATIENCE_OFFLINE = 60_000;
/**
 * Time without a server after a kill, in milliseconds: enough for first attempts in vain, and for an open circuit to let
 * through whoever asks.
 */
const OUTAGE = { shortest: 5000, longest: 7500 } as const;

/** One author on the stage. */
interface Actor {
  readonly handle: DocumentHandle;
  readonly host: SimulatedHost;
  /** Tells the client that there is a network again. */
  online(): void;
  link: SimulatedLink;
  /** The version that the author will be at when the answer to their coming back arrives; undefined: not away. */
  returnsAt: number | undefined;
}

/**
 * Real clients and the real server, where nothing travels unless it is told to: an operation reaches the server, or a
 * commit its reader, one at a time and in any order that the connections allow. The server can be killed.
 */
export class Stage {
  readonly disk = new MemoryDisk();
  readonly #clock = new VirtualClock();
  readonly #random: SeededRandom;
  readonly #network: SimulatedNetwork;
  readonly #actors: Actor[] = [];
  #server: ServerProcess;
  #starts = 0;

  private constructor(seed: number) {
    this.#random = new SeededRandom(seed);
    this.#network = new SimulatedNetwork(this.#clock, this.#random);
    const now = this.#clock.now();
    const times = { createdAt: now, updatedAt: now };
    this.disk.createDocument({
      id: DOCUMENT,
      kind: "plain",
      identicalInserts: "merge",
      title: "Recording",
      createdBy: "0",
      ...times,
    });
    this.#server = this.#start();
  }

  /** Everybody has opened the empty document; from now on nothing travels by itself. */
  static async open(authors: number, seed: number): Promise<Stage> {
    const stage = new Stage(seed);
    for (let index = 0; index < authors; index += 1) await stage.#enter(index);
    await stage.#clock.advance(PATIENCE);
    for (const { host } of stage.#actors) host.partition();
    return stage;
  }

  /** What an author sees. */
  document(author: number): DocumentHandle {
    return this.#actor(author).handle;
  }

  /** Newest version in the log. */
  get version(): number {
    return this.disk.version(DOCUMENT);
  }

  /** What the author has in flight reaches the server and is committed. @throws Error when nothing comes of it */
  async commit(author: number): Promise<void> {
    const { up } = this.#actor(author).link;
    const before = this.version;
    while (this.version === before && up.deliverNext()) {
      await this.#clock.runUntil(() => this.version > before, 0);
    }
    // The answers are on their way when everything that the commit caused has run.
    await this.#clock.advance(0);
    if (this.version !== before + 1) throw new Error(`author ${author} had nothing to commit after version ${before}`);
  }

  /** The author is told exactly one more version. @throws Error when there is none */
  async deliver(author: number): Promise<void> {
    const { handle, link } = this.#actor(author);
    const before = handle.version;
    while (handle.version === before && link.down.deliverNext());
    await this.#clock.settle();
    if (handle.version !== before + 1) {
      throw new Error(`author ${author} was told version ${handle.version} after version ${before}`);
    }
  }

  /**
   * The server is killed and started again on the same disk; what was on its way is lost. Everybody comes back by
   * themselves, up to the answer that tells them what they missed: it waits for `comeBack`.
   */
  async kill(): Promise<void> {
    this.#server.crash();
    this.#network.killServer({ inTransit: "none", noticedAfter: { from: 0, to: 0 } });
    for (const { host } of this.#actors) host.heal();
    await this.#clock.advance(this.#random.between(OUTAGE.shortest, OUTAGE.longest));
    this.#server = this.#start();
    for (const { host } of this.#actors) host.partition();
    for (const actor of this.#actors) await this.#reconnect(actor);
  }

  /**
   * Kills the server while it writes what the author has in flight.
   * @returns whether it is durable all the same
   */
  async killWhileWriting(author: number): Promise<boolean> {
    const { up } = this.#actor(author).link;
    const before = this.version;
    // No time passes, so that the store has been asked to write, and has not done it.
    while (up.deliverNext()) await this.#clock.settle();
    if (this.version !== before) throw new Error("the store has written before it was killed");
    await this.kill();
    return this.version > before;
  }

  /** The author is told all that is missing since a kill; nothing happens when they are not away. */
  async comeBack(author: number): Promise<void> {
    const actor = this.#actor(author);
    if (actor.returnsAt === undefined) return;
    actor.link.down.deliverNext();
    await this.#clock.settle();
    const { version, status } = actor.handle;
    if (version !== actor.returnsAt || status === "Working offline") {
      throw new Error(`author ${author} came back to version ${version} of ${actor.returnsAt}: ${status}`);
    }
    actor.returnsAt = undefined;
  }

  #start(): ServerProcess {
    this.#starts += 1;
    const name = `server ${this.#starts}`;
    const [disk, clock] = [this.disk, this.#clock];
    const trace = new Trace(() => clock.now());
    const started = new ServerProcess({ name, disk, clock, random: this.#random.fork(name), trace });
    started.store.setFaults({ latency: [0, 0] });
    this.#network.listen((connection, subprotocol) => started.server.accept(connection, subprotocol));
    return started;
  }

  async #enter(index: number): Promise<void> {
    const host = this.#network.host(`author ${index}`);
    let tell = (): void => undefined;
    const online = (listener: () => void): (() => void) => {
      tell = listener;
      return () => undefined;
    };
    const environment = { clock: this.#clock, random: this.#random.fork(`client ${index}`), transport: host, online };
    // What the recording tells apart is not composed.
    const options = { url: "http://simulation", token: `${index}`, sendInterval: 0, environment };
    const handle = new TuttiClient(options).open(DOCUMENT);
    await this.#clock.runUntil(() => handle.status === "Saved", PATIENCE);
    const [link] = host.links;
    if (link === undefined) throw new Error(`author ${index} has no connection`);
    this.#actors.push({ handle, host, online: () => tell(), link, returnsAt: undefined });
  }

  /** Lets everything through but the server's last word, after which the client would send what it has in flight. */
  async #reconnect(actor: Actor): Promise<void> {
    const { host } = actor;
    actor.online();
    await this.#clock.runUntil(() => host.links.length > 0, PATIENCE_OFFLINE);
    const [link] = host.links;
    if (link === undefined) throw new Error("somebody does not come back");
    // The connect, its answer, `hello`, `welcome`, `open`; and `opened` waits.
    for (const wire of [link.up, link.down, link.up, link.down, link.up]) {
      await this.#clock.runUntil(() => wire.waiting.length > 0, PATIENCE);
      wire.deliverNext();
    }
    if (!(await this.#clock.runUntil(() => link.down.waiting.length > 0, PATIENCE))) {
      throw new Error("somebody who came back is not let in");
    }
    actor.link = link;
    actor.returnsAt = this.version;
  }

  #actor(index: number): Actor {
    const actor = this.#actors[index];
    if (actor === undefined) throw new RangeError(`there is no author ${index}`);
    return actor;
  }
}
