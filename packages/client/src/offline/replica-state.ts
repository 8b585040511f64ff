import { compose, equalOperations, invert, isNoop, type Operation, OperationError } from "@tutti/ot";
import { Divergence } from "../document/divergence.js";
import type { Flight, Replica, ReplicaState } from "../document/replica.js";
import { splitOperation } from "../document/splitting.js";

/** All that there is to a replica, for `Replica.restore`. O(1). */
export function stateOf(replica: Replica): ReplicaState {
  const { client, version, base, sequence, inFlight, buffer, identicalInserts } = replica;
  return {
    ...{ client, version, base, sequence, inFlight, buffer, identicalInserts },
    unsaved: replica.edits - replica.savedEdits,
    unsavedInFlight: replica.flushedEdits - replica.savedEdits,
  };
}

/**
 * Puts in flight again what was in flight before, in a replica that is being restored: this very operation, because the
 * server may have it, whatever an engine of today would make of the buffer.
 * @throws Divergence when nothing was buffered, or the operation does not fit
 */
export function flushAgain(replica: Replica, { sequence, budget, operation }: Flight): void {
  const { inFlight, buffer } = replica;
  if (buffer === undefined || inFlight !== undefined || sequence <= replica.sequence) {
    throw new Divergence(`sequence ${sequence} was in flight, after ${replica.sequence}`);
  }
  const [first, rest] = splitOperation(buffer, budget);
  const same = equalOperations(first, operation);
  replica.putInFlight(sequence, operation, same ? rest : remainder(replica, operation, buffer));
}

/** What is left to do behind `first`, so that both have the effect of `whole`; undefined: nothing. */
function remainder({ base }: Replica, first: Operation, whole: Operation): Operation | undefined {
  try {
    const rest = compose(invert(first, base), whole);
    return isNoop(rest) ? undefined : rest;
  } catch (error) {
    if (error instanceof OperationError) throw new Divergence(error.message);
    throw error;
  }
}
