import { type Operation, transformPosition } from "@tutti/ot";
import type { Cursor } from "@tutti/protocol";

/** A committed operation, as far as cursors care. */
export interface CommittedOperation {
  /** The version that it makes. */
  readonly version: number;
  readonly client: string;
  readonly operation: Operation;
}

/**
 * Where a cursor is after one more operation (P4). The law that the server and every client go by: text inserted exactly
 * at a cursor pushes it along when the cursor's own client wrote it, and stays behind it otherwise. So nobody has to be
 * told of a cursor that moves with typing.
 *
 * @param cursor of `owner`; one of this version or a newer one stays as it is. UTF-16 units, from 0
 */
export function carry(cursor: Cursor, owner: string, { version, client, operation }: CommittedOperation): Cursor {
  if (version <= cursor.version) return cursor;
  const bias = client === owner ? "right" : "left";
  return {
    anchor: transformPosition(operation, cursor.anchor, bias),
    head: transformPosition(operation, cursor.head, bias),
    version,
  };
}
