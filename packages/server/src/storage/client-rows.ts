import { asUtf8, fromOperationRow, type OperationRow } from "./rows.js";
import { type Sealed, sealed, unsealed } from "./sealed-row.js";
import { type ClientPosition, StoreError } from "./store.js";

/** The newest operation of a client on a document, wherever it is: among the rows or in a segment (S2). */
export interface ClientRow extends ClientPosition {
  readonly [column: string]: string | number;
  readonly document: string;
  readonly client: string;
}

export function toClientRow(document: string, client: string, position: ClientPosition): Sealed<ClientRow> {
  const { sequence, version, user } = position;
  return sealed<ClientRow>({ document, client: asUtf8(client), sequence, version, user: asUtf8(user) });
}

/** @throws StoreError `damaged` */
export function toClientPosition(row: Sealed<ClientRow>): ClientPosition {
  const what = `the position of client ${row.client} in document ${row.document}`;
  const { sequence, version, user } = unsealed(row, what);
  return { sequence, version, user };
}

/**
 * The row of a client that a log without such rows leads to.
 * @param newest of that client; where it is damaged, so is the row: nobody may take it for the truth
 */
export function clientRowOf(newest: OperationRow): Sealed<ClientRow> {
  const row = toClientRow(newest.document, newest.client, newest);
  try {
    fromOperationRow(newest);
    return row;
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { ...row, row_checksum: row.row_checksum ^ 1 };
  }
}

/**
 * Where clients are after some operations of theirs.
 * @param newest the sequence of a client before, 0 for one that never wrote
 * @returns undefined when the sequences of a client do not only grow
 */
export function advance(
  operations: readonly OperationRow[],
  newest: (client: string) => number,
): ReadonlyMap<string, OperationRow> | undefined {
  const positions = new Map<string, OperationRow>();
  for (const operation of operations) {
    const { client, sequence } = operation;
    if (sequence <= (positions.get(client)?.sequence ?? newest(client))) return undefined;
    positions.set(client, operation);
  }
  return positions;
}

export const isDamage = (error: unknown): boolean => error instanceof StoreError && error.code === "damaged";
