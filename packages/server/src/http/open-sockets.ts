import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Clock } from "@tutti/protocol";

/** The sockets of an HTTP server, those of WebSockets included, which the server itself loses sight of. */
export class OpenSockets {
  readonly #sockets = new Set<Socket>();
  #emptied: () => void = () => {};

  constructor(http: Server) {
    http.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => {
        this.#sockets.delete(socket);
        if (this.#sockets.size === 0) this.#emptied();
      });
    });
  }

  /** Waits until the other ends have closed theirs, so that goodbyes arrive; after `patience` milliseconds cuts them off. */
  async end(clock: Clock, patience: number): Promise<void> {
    if (this.#sockets.size > 0) {
      await new Promise<void>((resolve) => {
        const cancel = clock.schedule(patience, resolve);
        this.#emptied = () => {
          cancel();
          resolve();
        };
      });
    }
    for (const socket of this.#sockets) socket.destroy();
  }
}
