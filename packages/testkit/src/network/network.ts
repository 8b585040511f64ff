import type { Transport, TransportEvents } from "@tutti/client";
import type { Clock, Connection, ConnectionEvents, Subprotocol } from "@tutti/protocol";
import type { SeededRandom } from "../seeded-random.js";
import { type LinkConditions, type Loss, SimulatedLink } from "./link.js";

/** Takes a new connection, as a server does; undefined: refused. */
export type Acceptor = (connection: Connection, subprotocol: Subprotocol) => ConnectionEvents | undefined;

export interface HostConditions extends LinkConditions {
  /** The probability that a connect is refused. */
  readonly refusals: number;
}

const GOOD: HostConditions = { up: { from: 0, to: 0 }, down: { from: 0, to: 0 }, refusals: 0 };

/**
 * Connections between many clients and one server, in virtual time under one seed: latency, loss, partial delivery,
 * partitions, refused connects, crashes of the server.
 */
export class SimulatedNetwork {
  readonly #clock: Clock;
  readonly #random: SeededRandom;
  readonly #hosts: SimulatedHost[] = [];
  #acceptor: Acceptor | undefined;

  constructor(clock: Clock, random: SeededRandom) {
    this.#clock = clock;
    this.#random = random;
  }

  get hosts(): readonly SimulatedHost[] {
    return this.#hosts;
  }

  /** From now on this takes new connections; undefined: nobody listens, and connects are refused. */
  listen(acceptor: Acceptor | undefined): void {
    this.#acceptor = acceptor;
  }

  /** Somewhere a client runs. `name` decides its share of randomness. */
  host(name: string, conditions: Partial<HostConditions> = {}): SimulatedHost {
    const random = this.#random.fork(`host ${name}`);
    const host = new SimulatedHost(this.#clock, random, () => this.#acceptor, { ...GOOD, ...conditions });
    this.#hosts.push(host);
    return host;
  }

  /** The server's process dies: nobody listens, all its connections are lost, and it hears nothing of it. */
  killServer(loss?: Loss): void {
    this.#acceptor = undefined;
    for (const host of this.#hosts) {
      for (const link of host.links) link.killServer(loss);
    }
  }
}

/** The network as one client sees it: a `Transport` with faults. */
export class SimulatedHost implements Transport {
  conditions: HostConditions;
  readonly #clock: Clock;
  readonly #random: SeededRandom;
  readonly #acceptor: () => Acceptor | undefined;
  #links: SimulatedLink[] = [];
  #partitioned = false;
  #subprotocol: Subprotocol = "tutti.v1";

  constructor(clock: Clock, random: SeededRandom, acceptor: () => Acceptor | undefined, conditions: HostConditions) {
    this.#clock = clock;
    this.#random = random;
    this.#acceptor = acceptor;
    this.conditions = conditions;
  }

  /** Connections that at least one end still knows of, oldest first. */
  get links(): readonly SimulatedLink[] {
    this.#links = this.#links.filter((link) => !link.over);
    return this.#links;
  }

  get partitioned(): boolean {
    return this.#partitioned;
  }

  /** What the server is asked to speak on new connections. */
  speak(subprotocol: Subprotocol): void {
    this.#subprotocol = subprotocol;
  }

  connect(events: TransportEvents): Connection {
    const link = new SimulatedLink(this.#clock, this.#random, () => this.conditions, {
      arrived: (arrived) => this.#arrived(arrived),
      opened: (subprotocol) => events.opened(subprotocol),
    });
    link.listenAtClient(events);
    this.#links.push(link);
    if (this.#partitioned) hold(link);
    return link.clientEnd;
  }

  /** All connections are lost. */
  cut(loss?: Loss): void {
    for (const link of this.links) link.cut(loss);
  }

  /** From now on nothing comes through in either direction, not even that a connection is lost. */
  partition(): void {
    this.#partitioned = true;
    for (const link of this.links) hold(link);
  }

  /** From now on the client takes nothing that is sent on the connections that there are; what it sends arrives. */
  stall(): void {
    for (const link of this.links) link.down.hold();
  }

  /** The end of a partition, or of a stall: what was sent meanwhile arrives. */
  heal(): void {
    this.#partitioned = false;
    for (const link of this.links) {
      link.up.release();
      link.down.release();
    }
  }

  #arrived(link: SimulatedLink): void {
    const acceptor = this.#acceptor();
    const subprotocol = this.#subprotocol;
    if (acceptor === undefined || this.#random.chance(this.conditions.refusals)) link.refuse();
    else link.accept(subprotocol, (connection) => acceptor(connection, subprotocol));
  }
}

function hold(link: SimulatedLink): void {
  link.up.hold();
  link.down.hold();
}
