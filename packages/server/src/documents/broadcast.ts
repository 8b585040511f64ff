import type { Change } from "@tutti/protocol";
import type { Reader } from "../delivery/reader.js";
import { SharedMessage } from "../delivery/shared-message.js";
import type { StoredOperation } from "../storage/store.js";
import type { Commit, HistoryPiece } from "./history.js";

/** One stored operation for the eyes of one client: its own come back without the content, as acknowledgement. */
export function changeFor(client: string | undefined, stored: StoredOperation): Change {
  const change = changeOf(stored);
  return stored.client === client ? change : { ...change, operation: stored.operation };
}

/** One piece for the eyes of one reader. */
export function changeOfPiece(reader: Reader, { from, operation, last }: HistoryPiece): Change {
  const change = changeOf(last);
  const versions = last.version - from;
  if (versions > 1) return { ...change, operation, versions };
  const own = last.client === reader.participant.client && !reader.isUnsure(last.version);
  return own ? change : { ...change, operation };
}

function changeOf({ client, sequence, user, checksum }: Commit): Change {
  return { client, sequence, user, ...(checksum === undefined ? undefined : { checksum }) };
}

/**
 * What became durable in one commit, as one message each for everybody it is sent to: one for all who wrote nothing of
 * it (encoded once), and one for each author.
 *
 * @returns the message for a client
 */
export function committedMessages(
  document: string,
  operations: readonly StoredOperation[],
): (client: string) => SharedMessage {
  const version = operations[0]?.version ?? 0;
  const messageFor = (client: string | undefined): SharedMessage =>
    new SharedMessage({
      type: "committed",
      document,
      version,
      changes: operations.map((stored) => changeFor(client, stored)),
    });
  const authors = new Set(operations.map((stored) => stored.client));
  let forOthers: SharedMessage | undefined;
  return (client) => {
    if (authors.has(client)) return messageFor(client);
    forOthers ??= messageFor(undefined);
    return forOthers;
  };
}
