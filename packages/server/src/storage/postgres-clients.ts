import { type ClientRow, toClientPosition, toClientRow } from "./client-rows.js";
import { Columns } from "./postgres-columns.js";
import type { Session } from "./postgres-connections.js";
import { int8Array, textArray, type Value } from "./postgres-values.js";
import type { Sealed } from "./sealed-row.js";
import type { ClientPosition } from "./store.js";

const CLIENT = new Columns<Sealed<ClientRow>>("document", "client", "sequence", "version", "user", "row_checksum");

const FIND = `
  SELECT ${CLIENT.list} FROM unnest($1::text[], $2::text[]) AS asked (document, client)
  JOIN clients USING (document, client)`;

/**
 * The part of a statement that saves rows, to be used with `clientColumns`.
 * @param first the number of the first of the six parameters
 * @param where which of them, as `client`
 */
export const saveClients = (first: number, where: string): string => {
  const [document, client, sequence, version, user, checksum] = [0, 1, 2, 3, 4, 5].map((index) => `$${first + index}`);
  return `
    INSERT INTO clients (${CLIENT.list})
    SELECT client.* FROM unnest(${document}::text[], ${client}::text[], ${sequence}::int8[], ${version}::int8[],
        ${user}::text[], ${checksum}::int8[]) AS client (${CLIENT.list})
    ${where}
    ON CONFLICT (document, client) DO UPDATE SET ${CLIENT.excluded}`;
};

export const clientColumns = (rows: readonly Sealed<ClientRow>[]): readonly Value[] => [
  textArray(rows.map(({ document }) => document)),
  textArray(rows.map(({ client }) => client)),
  int8Array(rows.map(({ sequence }) => sequence)),
  int8Array(rows.map(({ version }) => version)),
  textArray(rows.map(({ user }) => user)),
  int8Array(rows.map(({ row_checksum }) => row_checksum)),
];

/** The rows that say where clients are. */
export const clientRows = (
  document: string,
  positions: ReadonlyMap<string, ClientPosition>,
): readonly Sealed<ClientRow>[] => [...positions].map(([client, position]) => toClientRow(document, client, position));

/** A client on a document. */
export interface ClientOfDocument {
  readonly document: string;
  /** As UTF-8. */
  readonly client: string;
}

/**
 * The newest operations of those that have one.
 * @throws StoreError `damaged`
 */
export async function clientPositions(
  session: Pick<Session, "query">,
  clients: readonly ClientOfDocument[],
): Promise<readonly (ClientOfDocument & ClientPosition)[]> {
  const columns = [textArray(clients.map(({ document }) => document)), textArray(clients.map(({ client }) => client))];
  const rows = await session.query<Sealed<ClientRow>>(FIND, columns);
  return rows.map((row) => ({ document: row.document, client: row.client, ...toClientPosition(row) }));
}
