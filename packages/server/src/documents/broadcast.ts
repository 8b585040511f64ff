import type { Change } from "@tutti/protocol";
import type { Participant } from "../delivery/participant.js";
import { SharedMessage } from "../delivery/shared-message.js";
import type { StoredOperation } from "../storage/store.js";

/** One stored operation for the eyes of one client: its own come back without the content, as acknowledgement. */
export function changeFor(client: string | undefined, stored: StoredOperation): Change {
  const change = {
    client: stored.client,
    sequence: stored.sequence,
    user: stored.user,
    ...(stored.checksum === undefined ? undefined : { checksum: stored.checksum }),
  };
  return stored.client === client ? change : { ...change, operation: stored.operation };
}

/**
 * Sends what became durable to everybody: one message with everything for all who wrote nothing of it (encoded once),
 * and one for each author.
 */
export function broadcast(
  document: string,
  participants: Iterable<Participant>,
  operations: readonly StoredOperation[],
): void {
  const version = operations[0]?.version;
  if (version === undefined) return;
  const messageFor = (client: string | undefined): SharedMessage =>
    new SharedMessage({
      type: "committed",
      document,
      version,
      changes: operations.map((stored) => changeFor(client, stored)),
    });
  const authors = new Set(operations.map((stored) => stored.client));
  let forOthers: SharedMessage | undefined;
  for (const participant of participants) {
    if (authors.has(participant.client)) {
      participant.send(messageFor(participant.client));
    } else {
      forOthers ??= messageFor(undefined);
      participant.send(forOthers);
    }
  }
}
