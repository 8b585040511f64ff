import type { Connections, Session } from "./postgres-connections.js";
import type { KnownDocuments } from "./postgres-known.js";
import type { Value } from "./postgres-values.js";
import { type DocumentRow, type DocumentState, fromDocumentRow, toDocumentRow } from "./sqlite-rows.js";
import { type DocumentRecord, StoreError } from "./store.js";

/** Named one by one everywhere: a newer release may add columns while this one runs. */
export const DOCUMENT_COLUMNS = "id, title, kind, created_by, created_at, updated_at, epoch, version, row_checksum";

const INSERT = `
  INSERT INTO documents (${DOCUMENT_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING`;
const FIND = `SELECT ${DOCUMENT_COLUMNS} FROM documents WHERE id = $1`;
const UPDATE = `
  UPDATE documents
  SET title = $2, kind = $3, created_by = $4, created_at = $5, updated_at = $6, epoch = $7, version = $8, row_checksum = $9
  WHERE id = $1`;
const NEWEST = `SELECT ${DOCUMENT_COLUMNS} FROM documents ORDER BY updated_at DESC, id LIMIT $1`;

/** The rows of documents. */
export class DocumentTable {
  readonly #connections: Connections;
  readonly #known: KnownDocuments;

  constructor(connections: Connections, known: KnownDocuments) {
    this.#connections = connections;
    this.#known = known;
  }

  async create(record: DocumentRecord): Promise<void> {
    const row = toDocumentRow({ record, epoch: 0, version: 0 });
    const added = await this.#connections.run(INSERT, valuesOf(row));
    if (added === 0) throw new StoreError("exists", `document ${record.id} exists already`);
  }

  async find(id: string): Promise<DocumentState | undefined> {
    const [row] = await this.#connections.query<DocumentRow>(FIND, [id]);
    return row && fromDocumentRow(row);
  }

  async newest(limit: number): Promise<readonly DocumentRecord[]> {
    const rows = await this.#connections.query<DocumentRow>(NEWEST, [rowLimit(limit)]);
    return rows.map((row) => fromDocumentRow(row).record);
  }

  /** Changes a row while nobody else can; undefined, and nothing happens, when there is none or `change` says so. */
  async update(
    id: string,
    change: (state: DocumentState) => DocumentState | undefined,
  ): Promise<DocumentState | undefined> {
    const row = await this.#connections.transaction(async (session) => {
      const state = await lockDocument(session, id);
      const changed = state && change(state);
      return changed && (await updateDocument(session, changed));
    });
    return row && this.#known.read(row).state;
  }
}

/** Keeps the row of a document from being changed by others until the end of the transaction. */
export async function lockDocument(session: Session, id: string): Promise<DocumentState | undefined> {
  const [row] = await session.query<DocumentRow>(`${FIND} FOR NO KEY UPDATE`, [id]);
  return row && fromDocumentRow(row);
}

async function updateDocument(session: Session, state: DocumentState): Promise<DocumentRow> {
  const row = toDocumentRow(state);
  await session.run(UPDATE, valuesOf(row));
  return row;
}

function valuesOf(row: DocumentRow): readonly Value[] {
  const { id, title, kind, created_by, created_at, updated_at, epoch, version, row_checksum } = row;
  return [id, title, kind, created_by, created_at, updated_at, epoch, version, row_checksum];
}

/** PostgreSQL takes whole numbers only. */
export const rowLimit = (limit: number): number => Math.min(Math.max(0, Math.floor(limit)), Number.MAX_SAFE_INTEGER);
