import type { Change } from "@tutti/protocol";
import type { Reader } from "../delivery/reader.js";
import { SharedMessage } from "../delivery/shared-message.js";
import type { StoredOperation } from "../storage/store.js";
import type { Commit, HistoryPiece } from "./history.js";

/** An author's own comes back without the content, as acknowledgement. */
function withoutOperation({ client, sequence, user, checksum }: Change): Change {
  return { client, sequence, user, checksum };
}

/** One piece for the eyes of one reader. */
export function changeOfPiece(reader: Reader, { from, operation, last }: HistoryPiece): Change {
  const change = changeOf(last);
  const versions = last.version - from;
  if (versions > 1) return { ...change, operation, versions };
  const own = last.client === reader.participant.client && !reader.isUnsure(last.version);
  return own ? change : { ...change, operation };
}

/** Pieces that lead on from a version, for everybody who has that version and wrote nothing of it; encoded once. */
export function composedMessage(document: string, from: number, pieces: readonly HistoryPiece[]): SharedMessage {
  const changes = pieces.map((piece) => {
    const versions = piece.last.version - piece.from;
    return { ...changeOf(piece.last), operation: piece.operation, ...(versions > 1 && { versions }) };
  });
  return new SharedMessage({ type: "committed", document, version: from + 1, changes });
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
  // The same objects in all messages, so that each is encoded once.
  const whole = operations.map((stored) => ({ ...changeOf(stored), operation: stored.operation }));
  const messageFor = (client: string | undefined): SharedMessage => {
    const changes = whole.map((change) => (change.client === client ? withoutOperation(change) : change));
    return new SharedMessage({ type: "committed", document, version, changes });
  };
  const authors = new Set(operations.map((stored) => stored.client));
  let forOthers: SharedMessage | undefined;
  return (client) => {
    if (authors.has(client)) return messageFor(client);
    forOthers ??= messageFor(undefined);
    return forOthers;
  };
}
