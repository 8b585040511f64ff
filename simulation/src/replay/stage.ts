import { type DocumentHandle, TuttiClient } from "@tutti/client";
import { MemoryDisk, SeededRandom, type SimulatedLink, SimulatedNetwork, VirtualClock } from "@tutti/testkit";
import { ServerProcess } from "../world/server-process.js";
import { Trace } from "../world/trace.js";

const DOCUMENT = "recording";
/** Simulated milliseconds after which something that should happen at once is held for missing. */
const PATIENCE = 1000;

/** One author on the stage. */
interface Actor {
  readonly handle: DocumentHandle;
  readonly link: SimulatedLink;
}

/**
 * Real clients and the real server, where nothing travels unless it is told to: an operation reaches the server, or a
 * commit its reader, one at a time and in any order that the connections allow.
 */
export class Stage {
  readonly disk = new MemoryDisk();
  readonly #clock: VirtualClock;
  readonly #actors: readonly Actor[];

  private constructor(clock: VirtualClock, disk: MemoryDisk, actors: readonly Actor[]) {
    this.#clock = clock;
    this.disk = disk;
    this.#actors = actors;
  }

  /** Everybody has opened the empty document; from now on nothing travels by itself. */
  static async open(authors: number): Promise<Stage> {
    const random = new SeededRandom(1);
    const clock = new VirtualClock();
    const disk = new MemoryDisk();
    const now = clock.now();
    disk.createDocument({
      id: DOCUMENT,
      kind: "plain",
      title: "Recording",
      createdBy: "0",
      createdAt: now,
      updatedAt: now,
    });
    const trace = new Trace(() => clock.now());
    const { server, store } = new ServerProcess({ name: "server", disk, clock, random, trace });
    store.setFaults({ latency: [0, 0] });
    const network = new SimulatedNetwork(clock, random);
    network.listen((connection, subprotocol) => server.accept(connection, subprotocol));

    const actors: Actor[] = [];
    for (let index = 0; index < authors; index += 1) {
      const transport = network.host(`author ${index}`);
      const environment = { clock, random: random.fork(`client ${index}`), transport };
      const handle = new TuttiClient({ url: "http://simulation", token: `${index}`, environment }).open(DOCUMENT);
      await clock.runUntil(() => handle.status === "Saved", PATIENCE);
      const [link] = transport.links;
      if (link === undefined) throw new Error(`author ${index} has no connection`);
      actors.push({ handle, link });
    }
    await clock.advance(PATIENCE);
    for (const { link } of actors) {
      link.up.hold();
      link.down.hold();
    }
    return new Stage(clock, disk, actors);
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

  #actor(index: number): Actor {
    const actor = this.#actors[index];
    if (actor === undefined) throw new RangeError(`there is no author ${index}`);
    return actor;
  }
}
