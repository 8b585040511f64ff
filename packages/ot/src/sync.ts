import { compose } from "./compose.js";
import { normalForm } from "./normal-form.js";
import { isNoop, type Operation } from "./operation.js";
import { type IdenticalInserts, transform } from "./transform.js";

/**
 * The rebase core: what a client does with local edits, remote commits and acknowledgements, and what the server does
 * with an edit that was made on an older version. Pure, so that client, server and simulator share it (C2).
 *
 * A client has at most one operation in flight; what it does meanwhile is composed into a buffer. `version` is the
 * server version that `inFlight` and `buffer` are made on, in this order:
 *
 *     document at `version`  --inFlight-->  ·  --buffer-->  what the person sees
 */
export type SyncState =
  | { readonly kind: "synchronised"; readonly version: number }
  | { readonly kind: "buffered"; readonly version: number; readonly buffer: Operation }
  | { readonly kind: "in_flight"; readonly version: number; readonly inFlight: Operation }
  | {
      readonly kind: "in_flight_and_buffered";
      readonly version: number;
      readonly inFlight: Operation;
      readonly buffer: Operation;
    };

export const synchronised = (version: number): SyncState => ({ kind: "synchronised", version });

/** A person's edit, made on what they see, goes into the buffer; edits that cancel each other leave none. */
export function edit(state: SyncState, operation: Operation): SyncState {
  switch (state.kind) {
    case "synchronised":
    case "in_flight":
      return withBuffer(state, normalForm(operation));
    default:
      return withBuffer(state, compose(state.buffer, operation));
  }
}

/** Puts the buffer in flight where nothing is; any other state stays as it is. */
export function flush(state: SyncState): SyncState {
  if (state.kind !== "buffered") return state;
  return { kind: "in_flight", version: state.version, inFlight: state.buffer };
}

/**
 * Somebody else's operation, committed as `state.version + 1`.
 * @returns the state after it, and the operation as it applies to what the person sees
 */
export function receive(
  state: SyncState,
  remote: Operation,
  identical?: IdenticalInserts,
): { readonly state: SyncState; readonly apply: Operation } {
  const version = state.version + 1;
  switch (state.kind) {
    case "synchronised":
      return { state: synchronised(version), apply: remote };
    case "buffered": {
      const { mine, theirs } = cross(remote, state.buffer, identical);
      return { state: withBuffer(synchronised(version), mine), apply: theirs };
    }
    case "in_flight": {
      const { mine, theirs } = cross(remote, state.inFlight, identical);
      return { state: { ...state, version, inFlight: mine }, apply: theirs };
    }
    case "in_flight_and_buffered": {
      const first = cross(remote, state.inFlight, identical);
      const second = cross(first.theirs, state.buffer, identical);
      const inFlight: SyncState = { kind: "in_flight", version, inFlight: first.mine };
      return { state: withBuffer(inFlight, second.mine), apply: second.theirs };
    }
  }
}

/** The server committed what was in flight, as `state.version + 1`; a state with nothing in flight stays as it is. */
export function acknowledge(state: SyncState): SyncState {
  switch (state.kind) {
    case "in_flight":
      return synchronised(state.version + 1);
    case "in_flight_and_buffered":
      return { kind: "buffered", version: state.version + 1, buffer: state.buffer };
    default:
      return state;
  }
}

/**
 * The server's half: `operation`, made on an older version, as it applies to the newest one.
 *
 * @param since what was committed since that version, each exactly as it was (or will be) delivered to the author:
 *   transform does not distribute over compose, so both sides must cut history at the same versions
 */
export function admit(operation: Operation, since: readonly Operation[], identical?: IdenticalInserts): Operation {
  return since.reduce((moved, committed) => transform(committed, moved, "before", identical), operation);
}

/** What is in flight stays so even when nothing is left of it: the server has it and will answer. */
function withBuffer(state: SyncState, buffer: Operation): SyncState {
  const inFlight = state.kind === "in_flight" || state.kind === "in_flight_and_buffered" ? state.inFlight : undefined;
  const { version } = state;
  if (isNoop(buffer)) return inFlight === undefined ? synchronised(version) : { kind: "in_flight", version, inFlight };
  if (inFlight === undefined) return { kind: "buffered", version, buffer };
  return { kind: "in_flight_and_buffered", version, inFlight, buffer };
}

/** Remote was committed before mine will be. */
function cross(remote: Operation, mine: Operation, identical: IdenticalInserts | undefined) {
  return {
    mine: transform(remote, mine, "before", identical),
    theirs: transform(mine, remote, "after", identical),
  };
}
