import { connect, createServer, type Socket } from "node:net";

/** A connection to PostgreSQL that can be cut at the worst moment. */
export interface FlakyProxy {
  /** Of the database, through this proxy. */
  readonly url: string;
  /** The next statement with this text reaches the server; its answer doesn't come back: the connection is cut instead. */
  loseNextAnswer(statement: string): void;
  close(): Promise<void>;
}

export async function startFlakyProxy(url: string): Promise<FlakyProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let fatal: string | undefined;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let doomed = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on("data", (bytes) => {
      if (fatal !== undefined && bytes.includes(fatal)) {
        doomed = true;
        fatal = undefined;
      }
      upstream.write(bytes);
    });
    upstream.on("data", (bytes) => {
      // By the time the server answers, it has committed.
      if (doomed) client.destroy();
      else client.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const proxied = new URL(url);
  proxied.port = String(address.port);
  return {
    url: proxied.href,
    loseNextAnswer(statement) {
      fatal = statement;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
