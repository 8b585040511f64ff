import type { Connections } from "./postgres-connections.js";
import { rowLimit } from "./postgres-documents.js";
import { asUtf8, damaged, fromOperationRow, type OperationRow } from "./sqlite-rows.js";
import type { ClientPosition, StoredOperation } from "./store.js";

const COLUMNS = `document, version, client, sequence, "user", time, checksum, row_checksum, operation`;
const RANGE = `SELECT ${COLUMNS} FROM operations WHERE document = $1 AND version > $2 AND version <= $3 ORDER BY version`;
const NEWEST_OF_CLIENT = `
  SELECT ${COLUMNS} FROM operations WHERE document = $1 AND client = $2 ORDER BY sequence DESC LIMIT 1`;

/** The log, read. */
export class OperationTable {
  readonly #connections: Connections;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  /** @param end the newest version that there is, or an older one */
  async range(document: string, after: number, end: number, limit: number): Promise<readonly StoredOperation[]> {
    const start = Math.max(0, after);
    const last = Math.min(end, start + rowLimit(limit));
    if (last <= start) return [];
    const rows = await this.#connections.query<OperationRow>(RANGE, [document, start, last]);
    for (let version = start + 1; version <= last; version += 1) {
      // A row that vanished is damage too: versions have no gaps.
      const found = rows[version - start - 1]?.version;
      if (found !== version) throw damaged(`operation ${version} of document ${document}`);
    }
    return rows.map(fromOperationRow);
  }

  async newestOf(document: string, client: string): Promise<ClientPosition | undefined> {
    const [row] = await this.#connections.query<OperationRow>(NEWEST_OF_CLIENT, [document, asUtf8(client)]);
    if (row === undefined) return undefined;
    const { sequence, version, user } = fromOperationRow(row);
    return { sequence, version, user };
  }
}
