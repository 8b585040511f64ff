import { type Cancel, CLOSE_CODES, type Connection, type ConnectionEvents, type Subprotocol } from "@tutti/protocol";
import { ClientConnection, type ConnectionEnvironment } from "./client-connection.js";
import { reconnectTimes } from "./reconnect-times.js";

export interface GatewayEnvironment extends ConnectionEnvironment {
  /** Milliseconds after which a connection on which nothing happens is closed; 0: never. */
  readonly idle: number;
}

/** How often idle connections are looked for, in milliseconds. */
const SWEEP_INTERVAL = 60_000;
/** What somebody who comes while the server stops is told to wait, in milliseconds. */
const LATECOMER_PAUSE = 5000;

/** Takes connections and keeps the list of those that are open. */
export class Gateway {
  readonly #env: GatewayEnvironment;
  readonly #open = new Set<ClientConnection>();
  #nextSweep: Cancel | undefined;
  #draining = false;

  constructor(env: GatewayEnvironment) {
    this.#env = env;
  }

  /**
   * A new connection, with the subprotocol both agreed on; the returned events are to be fed by its owner.
   * @param address where the client connects from, where somebody knows
   */
  accept(connection: Connection, subprotocol: Subprotocol, address?: string): ConnectionEvents {
    const forget = (): void => {
      this.#open.delete(client);
      this.#env.observer.connections(this.#open.size);
    };
    const client: ClientConnection = new ClientConnection(connection, subprotocol, this.#env, forget, address);
    this.#open.add(client);
    this.#env.observer.connections(this.#open.size);
    if (this.#draining) client.sendAway(LATECOMER_PAUSE);
    this.#planSweep();
    return client;
  }

  /** From now on nobody is let in, and nothing that comes is submitted; those who are here still get their answers. */
  drain(): void {
    this.#draining = true;
    this.#nextSweep?.();
    for (const client of this.#open) client.drain();
  }

  /** Says goodbye to everybody. @param window longest time over which they are told to come back, in milliseconds */
  sendAway(window: number): void {
    const clients = [...this.#open];
    const { admissionsPerSecond } = this.#env.guard.env.protection;
    const times = reconnectTimes(clients.length, window, admissionsPerSecond);
    for (const [index, client] of clients.entries()) client.sendAway(times[index] ?? 0);
  }

  closeAll(): void {
    this.#nextSweep?.();
    for (const client of [...this.#open]) client.close(CLOSE_CODES.goingAway, "the server is stopping");
  }

  #planSweep(): void {
    if (this.#nextSweep !== undefined || this.#env.idle === 0 || this.#draining) return;
    this.#nextSweep = this.#env.clock.schedule(Math.min(SWEEP_INTERVAL, this.#env.idle), () => this.#sweep());
  }

  #sweep(): void {
    this.#nextSweep = undefined;
    for (const client of [...this.#open]) client.closeIfIdle(this.#env.idle);
    if (this.#open.size > 0) this.#planSweep();
  }
}
