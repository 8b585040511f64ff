import { CLOSE_CODES, type Connection, type ConnectionEvents, type Subprotocol } from "@tutti/protocol";
import { ClientConnection, type ConnectionEnvironment } from "./client-connection.js";

/** Takes connections and keeps the list of those that are open. */
export class Gateway {
  readonly #env: ConnectionEnvironment;
  readonly #open = new Set<ClientConnection>();

  constructor(env: ConnectionEnvironment) {
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
    return client;
  }

  closeAll(): void {
    for (const client of [...this.#open]) client.close(CLOSE_CODES.goingAway, "the server is stopping");
  }
}
