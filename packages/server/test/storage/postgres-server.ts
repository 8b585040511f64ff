import { OwnPostgres } from "@tutti/testkit";
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

export async function startPostgres(): Promise<PostgresServer> {
  const server = await OwnPostgres.start({ synced: false, flags: ["-c", "max_connections=50"] });
  let databases = 0;
  return {
    async createDatabase() {
      databases += 1;
      const name = `test_${databases}`;
      await server.run(`CREATE DATABASE ${name}`);
      return server.urlOf(name);
    },
    run: query,
    stop: () => server.stop(),
    start: () => server.startAgain(),
    async crash() {
      const text = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'";
      const [writer] = await query(server.url, text);
      process.kill(Number(writer?.["pid"]), "SIGKILL");
      for (let back = false; !back; ) {
        const [now] = await query(server.url, text).catch(() => []);
        back = now !== undefined && now["pid"] !== writer?.["pid"];
      }
    },
    remove: () => server.dispose(),
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
