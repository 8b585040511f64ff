import { clientPositions } from "./postgres-clients.js";
import { Columns } from "./postgres-columns.js";
import type { Connections } from "./postgres-connections.js";
import { type DocumentTable, rowLimit, unknownDocument } from "./postgres-documents.js";
import type { SegmentTable } from "./postgres-segments.js";
import { asUtf8, type DocumentState, damaged, fromOperationRow, type OperationRow } from "./rows.js";
import type { ClientPosition, NewOperation, StoredOperation } from "./store.js";

export const OPERATION_COLUMNS = new Columns<OperationRow>(
  "document",
  "version",
  "client",
  "sequence",
  "user",
  "time",
  "checksum",
  "row_checksum",
  "operation",
);
const { list } = OPERATION_COLUMNS;

const RANGE = `SELECT ${list} FROM operations WHERE document = $1 AND version > $2 AND version <= $3 ORDER BY version`;

/** The log, read: rows for the newest operations, segments for the older ones. */
export class OperationTable {
  readonly #connections: Connections;
  readonly #documents: DocumentTable;
  readonly #segments: SegmentTable;

  constructor(connections: Connections, documents: DocumentTable, segments: SegmentTable) {
    this.#connections = connections;
    this.#documents = documents;
    this.#segments = segments;
  }

  /** As `OperationStore.operations`. */
  read(document: string, after: number, upTo: number, limit: number): Promise<readonly StoredOperation[]> {
    return this.#undisturbed(document, async (state) => {
      const { version, packed } = state ?? { version: 0, packed: 0 };
      const start = Math.max(0, after);
      const end = Math.min(upTo, version, start + rowLimit(limit));
      if (start >= packed || start >= end) return this.#rows(document, start, end);
      const border = Math.min(packed, end);
      return [
        ...(await this.#segments.operations(document, start, border)),
        ...(await this.#rows(document, border, end)),
      ];
    });
  }

  /** As `OperationStore.clientPosition`. */
  async clientPosition(document: string, client: string): Promise<ClientPosition | undefined> {
    const [found] = await clientPositions(this.#connections, [{ document, client: asUtf8(client) }]);
    return found && { sequence: found.sequence, version: found.version, user: found.user };
  }

  /**
   * Everything behind the last segment, up to a version.
   * @throws StoreError `unknown_document`
   */
  unpacked(document: string, upTo: number): Promise<readonly NewOperation[]> {
    return this.#undisturbed(document, (state) => {
      if (state === undefined) throw unknownDocument(document);
      return this.#rows(document, state.packed, Math.min(upTo, state.version));
    });
  }

  /** Reads again when the log was packed meanwhile: what is missing among the rows is in a segment by now. */
  async #undisturbed<Result>(
    document: string,
    read: (state: DocumentState | undefined) => Promise<Result>,
  ): Promise<Result> {
    const state = await this.#documents.find(document);
    try {
      return await read(state);
    } catch (error) {
      const now = await this.#documents.find(document);
      if (now === undefined || now.packed === state?.packed) throw error;
      return this.#undisturbed(document, read);
    }
  }

  async #rows(document: string, start: number, end: number): Promise<readonly NewOperation[]> {
    if (start >= end) return [];
    const rows = await this.#connections.query<OperationRow>(RANGE, [document, start, end]);
    for (let version = start + 1; version <= end; version += 1) {
      // A row that vanished is damage too: versions have no gaps.
      const found = rows[version - start - 1]?.version;
      if (found !== version) throw damaged(`operation ${version} of document ${document}`);
    }
    return rows.map(fromOperationRow);
  }
}
