import type { Database, Statement } from "better-sqlite3";

/** Pages given back in one step: 1 MB of the usual 4 kB. */
const PAGES_AT_ONCE = 256;

/** What jobs need: the calls of `MaintenanceStore`. */
export class SqliteMaintenance {
  readonly #connection: Database;
  readonly #read: Statement<[string], { readonly state: string }>;
  readonly #save: Statement<[string, string]>;
  readonly #forget: Statement<[string]>;

  constructor(connection: Database) {
    this.#connection = connection;
    this.#read = connection.prepare("SELECT state FROM jobs WHERE name = ?");
    this.#save = connection.prepare(`
      INSERT INTO jobs (name, state) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET state = excluded.state`);
    this.#forget = connection.prepare("DELETE FROM jobs WHERE name = ?");
  }

  jobState(job: string): string | undefined {
    return this.#read.get(job)?.state;
  }

  saveJobState(job: string, state: string | undefined): void {
    if (state === undefined) this.#forget.run(job);
    else this.#save.run(job, state);
  }

  /** Does nothing for a database of a release that did not set `auto_vacuum`: only VACUUM helps there. */
  reclaimSpace(): boolean {
    const before = this.#freePages();
    if (before > 0) this.#connection.pragma(`incremental_vacuum(${PAGES_AT_ONCE})`);
    const after = this.#freePages();
    return after > 0 && after < before;
  }

  #freePages(): number {
    return Number(this.#connection.pragma("freelist_count", { simple: true }));
  }
}
