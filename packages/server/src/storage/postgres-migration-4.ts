import { clientRowOf } from "./client-rows.js";
import { clientColumns, saveClients } from "./postgres-clients.js";
import type { Session } from "./postgres-connections.js";
import { OPERATION_COLUMNS } from "./postgres-operations.js";
import { textArray } from "./postgres-values.js";
import type { OperationRow } from "./rows.js";

const DOCUMENTS_AT_ONCE = 100;
const DOCUMENTS = `SELECT id FROM documents WHERE id > $1 ORDER BY id LIMIT ${DOCUMENTS_AT_ONCE}`;
const NEWEST = `
  SELECT DISTINCT ON (document, client) ${OPERATION_COLUMNS.list} FROM operations WHERE document = ANY($1::text[])
  ORDER BY document, client, version DESC`;
/** Clients that are in segments have their row; those that wrote since get a newer one. */
const SAVE = saveClients(1, "");

/** Writes down where each client is, which was found among the operations before. */
export async function positionsOfClients(session: Session): Promise<void> {
  let documents = await session.query<{ id: string }>(DOCUMENTS, [""]);
  while (documents.length > 0) {
    const ids = documents.map(({ id }) => id);
    const newest = await session.query<OperationRow>(NEWEST, [textArray(ids)]);
    await session.run(SAVE, clientColumns(newest.map(clientRowOf)));
    documents = await session.query<{ id: string }>(DOCUMENTS, [ids.at(-1) ?? ""]);
  }
}
