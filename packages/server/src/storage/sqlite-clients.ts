import type { Database, Statement } from "better-sqlite3";
import { type ClientRow, toClientPosition, toClientRow } from "./client-rows.js";
import type { Sealed } from "./sealed-row.js";
import type { ClientPosition } from "./store.js";

/** The newest operation of each client: one row for each client of a document. */
export class SqliteClients {
  readonly #one: Statement<[string, string], Sealed<ClientRow>>;
  readonly #save: Statement<[object]>;

  constructor(connection: Database) {
    this.#one = connection.prepare("SELECT * FROM clients WHERE document = ? AND client = ?");
    this.#save = connection.prepare(`
      INSERT INTO clients (document, client, sequence, version, user, row_checksum)
      VALUES (@document, @client, @sequence, @version, @user, @row_checksum)
      ON CONFLICT (document, client) DO UPDATE SET
        sequence = excluded.sequence, version = excluded.version, user = excluded.user,
        row_checksum = excluded.row_checksum`);
  }

  /**
   * @param client as UTF-8
   * @throws StoreError `damaged`
   */
  find(document: string, client: string): ClientPosition | undefined {
    const row = this.#one.get(document, client);
    return row && toClientPosition(row);
  }

  /** To be called in the transaction that stores the operation. */
  save(document: string, client: string, position: ClientPosition): void {
    this.#save.run(toClientRow(document, client, position));
  }
}
