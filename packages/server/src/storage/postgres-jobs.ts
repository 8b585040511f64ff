import type { Connections } from "./postgres-connections.js";

const READ = "SELECT state FROM jobs WHERE name = $1";
const SAVE = "INSERT INTO jobs (name, state) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET state = excluded.state";
const FORGET = "DELETE FROM jobs WHERE name = $1";

/** Where jobs stand, in their own words. */
export class JobTable {
  readonly #connections: Connections;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  async state(job: string): Promise<string | undefined> {
    const [row] = await this.#connections.query<{ readonly state: string }>(READ, [job]);
    return row?.state;
  }

  async save(job: string, state: string | undefined): Promise<void> {
    if (state === undefined) await this.#connections.run(FORGET, [job]);
    else await this.#connections.run(SAVE, [job, state]);
  }
}
