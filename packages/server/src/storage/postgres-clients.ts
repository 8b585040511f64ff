import { type ClientRow, toClientPosition, toClientRow } from "./client-rows.js";
import { Columns } from "./postgres-columns.js";
import type { Session } from "./postgres-connections.js";
import { int8Array, textArray, type Value } from "./postgres-values.js";
import type { Sealed } from "./sqlite-sealed-row.js";
import type { ClientPosition } from "./store.js";

const CLIENT = new Columns<Sealed<ClientRow>>("document", "client", "sequence", "version", "user", "row_checksum");

const FIND = `SELECT ${CLIENT.list} FROM clients WHERE document = $1 AND client = ANY($2::text[])`;

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

/**
 * The newest operations of those clients that have one.
 * @param clients as UTF-8
 * @throws StoreError `damaged`
 */
export async function clientPositions(
  session: Pick<Session, "query">,
  document: string,
  clients: readonly string[],
): Promise<ReadonlyMap<string, ClientPosition>> {
  const rows = await session.query<Sealed<ClientRow>>(FIND, [document, textArray(clients)]);
  return new Map(rows.map((row) => [row.client, toClientPosition(row)]));
}
