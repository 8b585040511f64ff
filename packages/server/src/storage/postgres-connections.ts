import { type ClientBase, Pool, type PoolClient } from "pg";
import { isConflict, isRefusal, toStoreError } from "./postgres-errors.js";
import { parsers, toParameter, type Value } from "./postgres-values.js";
import { StoreError } from "./store.js";

export interface PostgresSettings {
  /** `postgres://user:password@host:port/database`, with the options of libpq, such as `?sslmode=verify-full`. */
  readonly url: string;
  /** Most connections for everything but appends, which have one of their own; 8 when left out. */
  readonly poolSize?: number | undefined;
  /** Milliseconds that one statement may take, waiting for a free connection not included; 15,000 when left out. */
  readonly statementTimeout?: number | undefined;
  /** Milliseconds to wait for a free connection, or for a new one; 5000 when left out. */
  readonly connectTimeout?: number | undefined;
}

/** One connection, inside or outside a transaction. */
export interface Session {
  /** Runs a prepared statement; the same text is planned once per connection. */
  query<Row extends object>(text: string, values?: readonly Value[]): Promise<readonly Row[]>;
  /** The same for a statement that returns nothing: the number of rows it wrote. */
  run(text: string, values?: readonly Value[]): Promise<number>;
  /** Runs statements without parameters, one after the other. */
  script(text: string): Promise<void>;
  /** Runs `work` in one transaction: when it throws, nothing was written. */
  transaction<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** A server that does not answer at all is given up this much later than one that says that it is too slow. */
const SILENCE_MARGIN = 1000;
const ATTEMPTS = 5;
/** Whoever types after a break should not have to wait for a new connection. */
const IDLE = 300_000;

/**
 * - A statement of ours has a parameter per column, not per row: its plan is the same whatever the values are, and
 *   planning anew would cost more than running it.
 * - A commit that is answered has to be on disk, whatever the default of the server is (S1).
 */
const SESSION = `
  SELECT set_config('plan_cache_mode', 'force_generic_plan', false),
    CASE WHEN current_setting('synchronous_commit') = 'off' THEN set_config('synchronous_commit', 'on', false) END`;

/**
 * A number of connections that are opened when they are needed, and anew when they were lost. Every error is a
 * StoreError; where the connection was lost in a commit, what it should have written may be there.
 */
export class Connections {
  readonly #pool: Pool;

  constructor(settings: PostgresSettings, size: number) {
    const timeout = settings.statementTimeout ?? 15_000;
    this.#pool = new Pool({
      connectionString: settings.url,
      max: size,
      connectionTimeoutMillis: settings.connectTimeout ?? 5000,
      idleTimeoutMillis: IDLE,
      statement_timeout: timeout,
      query_timeout: timeout + SILENCE_MARGIN,
      idle_in_transaction_session_timeout: timeout,
      keepAlive: true,
      application_name: "tutti",
      types: parsers,
      onConnect: prepareSession,
    });
    // A connection that is lost while nobody uses it is simply replaced.
    this.#pool.on("error", () => undefined);
  }

  /** @throws StoreError */
  query<Row extends object>(text: string, values: readonly Value[] = []): Promise<readonly Row[]> {
    return this.use((session) => session.query<Row>(text, values));
  }

  /** @throws StoreError */
  run(text: string, values: readonly Value[] = []): Promise<number> {
    return this.use((session) => session.run(text, values));
  }

  /**
   * Runs `work` in one transaction; again when another one was in its way.
   * @throws StoreError, also one that `work` throws: then nothing was written
   */
  transaction<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    return this.use((session) => session.transaction(() => work(session)));
  }

  /**
   * Runs `work` on one connection, each statement in a transaction of its own; again when another one was in its way.
   * Inside, errors are those of the driver (`postgres-errors` tells them apart).
   * @throws StoreError
   */
  async use<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#useOnce(work);
      } catch (error) {
        if (!isConflict(error) || attempt === ATTEMPTS) throw toStoreError(error);
      }
    }
  }

  /** Closes all connections, to be called when nothing is under way. */
  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #useOnce<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    const client = await this.#pool.connect();
    try {
      const result = await work(new ClientSession(client));
      client.release();
      return result;
    } catch (error) {
      client.release(leavesConnectionGood(error) ? undefined : true);
      throw error;
    }
  }
}

class ClientSession implements Session {
  readonly #client: PoolClient;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  async query<Row extends object>(text: string, values: readonly Value[] = []): Promise<readonly Row[]> {
    const { rows } = await this.#client.query<Row>(prepared(text, values));
    return rows;
  }

  async run(text: string, values: readonly Value[] = []): Promise<number> {
    const { rowCount } = await this.#client.query(prepared(text, values));
    return rowCount ?? 0;
  }

  async script(text: string): Promise<void> {
    await this.#client.query(text);
  }

  async transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.script("BEGIN");
    let result: Result;
    try {
      result = await work();
    } catch (error) {
      // A connection that is gone took its transaction with it.
      if (leavesConnectionGood(error)) await this.script("ROLLBACK");
      throw error;
    }
    await this.script("COMMIT");
    return result;
  }
}

const leavesConnectionGood = (error: unknown): boolean => error instanceof StoreError || isRefusal(error);

/** Statements are known by short names; the number of different texts is that of this program. */
const NAMES = new Map<string, string>();

function prepared(text: string, values: readonly Value[]): { name: string; text: string; values: Value[] } {
  let name = NAMES.get(text);
  if (name === undefined) {
    name = `tutti_${NAMES.size + 1}`;
    NAMES.set(text, name);
  }
  return { name, text, values: values.map(toParameter) };
}

async function prepareSession(client: ClientBase): Promise<void> {
  // Without a listener a connection that is lost in the middle of a statement would end the process.
  client.on("error", () => undefined);
  await client.query(SESSION);
}
