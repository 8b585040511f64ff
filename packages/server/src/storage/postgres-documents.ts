import { Columns } from "./postgres-columns.js";
import type { Connections, Session } from "./postgres-connections.js";
import type { KnownDocuments } from "./postgres-known.js";
import { asUtf8, type DocumentRow, type DocumentState, fromDocumentRow, toDocumentRow } from "./rows.js";
import { type DocumentRecord, StoreError } from "./store.js";

export const DOCUMENT_COLUMNS = new Columns<DocumentRow>(
  "id",
  "title",
  "kind",
  "identical_inserts",
  "created_by",
  "created_at",
  "updated_at",
  "epoch",
  "version",
  "trashed_at",
  "trashed_by",
  "packed",
  "moderated",
  "row_checksum",
);
const { list, parameters } = DOCUMENT_COLUMNS;

const INSERT = `INSERT INTO documents (${list}) VALUES (${parameters}) ON CONFLICT (id) DO NOTHING`;
const FIND = `SELECT ${list} FROM documents WHERE id = $1`;
const LOCK = `${FIND} FOR NO KEY UPDATE`;
const LOCK_TO_DELETE = `${FIND} FOR UPDATE`;
const UPDATE = `UPDATE documents SET (${list}) = ROW (${parameters}) WHERE id = $1`;
const DELETE = "DELETE FROM documents WHERE id = $1";
const NEWEST = `SELECT ${list} FROM documents WHERE trashed_at IS NULL ORDER BY updated_at DESC, id LIMIT $1`;
const IN_TRASH = `SELECT ${list} FROM documents WHERE created_by = $1 AND trashed_at IS NOT NULL
  ORDER BY trashed_at DESC, id LIMIT $2`;
const COUNT = "SELECT count(*) AS documents FROM documents WHERE created_by = $1";
const ALL = `SELECT ${list} FROM documents WHERE id > $1 ORDER BY id LIMIT $2`;

/** Tables with rows of a document; audit records stay. */
const TABLES_OF_A_DOCUMENT = [
  "operations",
  "segments",
  "clients",
  "snapshots",
  "chunks",
  "named_versions",
  "permissions",
];

/** The rows of documents. Methods reject with StoreError `damaged` for one that is not as it was written. */
export class DocumentTable {
  readonly #connections: Connections;
  readonly #known: KnownDocuments;

  constructor(connections: Connections, known: KnownDocuments) {
    this.#connections = connections;
    this.#known = known;
  }

  /** @throws StoreError `exists` */
  async create(record: DocumentRecord): Promise<void> {
    const row = toDocumentRow({ record, epoch: 0, version: 0, packed: 0 });
    const added = await this.#connections.run(INSERT, DOCUMENT_COLUMNS.values(row));
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

  async inTrash(createdBy: string, limit: number): Promise<readonly DocumentRecord[]> {
    const rows = await this.#connections.query<DocumentRow>(IN_TRASH, [asUtf8(createdBy), rowLimit(limit)]);
    return rows.map((row) => fromDocumentRow(row).record);
  }

  async all(after: string | undefined, limit: number): Promise<readonly DocumentRecord[]> {
    const rows = await this.#connections.query<DocumentRow>(ALL, [after ?? "", rowLimit(limit)]);
    return rows.map((row) => fromDocumentRow(row).record);
  }

  async count(createdBy: string): Promise<number> {
    const [row] = await this.#connections.query<{ readonly documents: number }>(COUNT, [asUtf8(createdBy)]);
    return row?.documents ?? 0;
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

  /** Deletes a document that is in the trash, and everything that belongs to it. */
  async purge(id: string): Promise<boolean> {
    const purged = await this.#connections.transaction(async (session) => {
      const [row] = await session.query<DocumentRow>(LOCK_TO_DELETE, [id]);
      if (row === undefined || fromDocumentRow(row).record.trashed === undefined) return false;
      for (const table of TABLES_OF_A_DOCUMENT) await session.run(`DELETE FROM ${table} WHERE document = $1`, [id]);
      await session.run(DELETE, [id]);
      return true;
    });
    if (purged) this.#known.forget(id);
    return purged;
  }
}

/** Keeps the row of a document from being changed by others until the end of the transaction. */
export async function lockDocument(session: Session, id: string): Promise<DocumentState | undefined> {
  const [row] = await session.query<DocumentRow>(LOCK, [id]);
  return row && fromDocumentRow(row);
}

/** To be called under `lockDocument`. */
export async function updateDocument(session: Session, state: DocumentState): Promise<DocumentRow> {
  const row = toDocumentRow(state);
  await session.run(UPDATE, DOCUMENT_COLUMNS.values(row));
  return row;
}

/** The part of a statement that finds a document and keeps it from being purged until the end of the transaction. */
export const existing = (parameter: string): string => `SELECT id FROM documents WHERE id = ${parameter} FOR KEY SHARE`;

/** PostgreSQL takes whole numbers only. */
export const rowLimit = (limit: number): number => Math.min(Math.max(0, Math.floor(limit)), Number.MAX_SAFE_INTEGER);

export function unknownDocument(id: string): StoreError {
  return new StoreError("unknown_document", `there is no document ${id}`);
}
