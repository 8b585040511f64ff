import { type EmbedTypes, NO_EMBED_TYPES } from "./embed-types.js";
import { OperationError } from "./errors.js";
import { normalForm } from "./normal-form.js";
import { isNoop, type Operation } from "./operation.js";
import type { Delivered } from "./spans-delivery.js";
import { Pending } from "./spans-pending.js";
import { type IdenticalInserts, type TransformOptions, transform } from "./transform.js";

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

/** The settings of the document, the same on both sides. */
type Settings = IdenticalInserts | TransformOptions;

export const synchronised = (version: number): SyncState => ({ kind: "synchronised", version });

/**
 * A person's edit, made on what they see, goes into the buffer; edits that cancel each other leave none.
 * Amortised O(log n) compositions for n edits, as long as nobody reads `buffer` in between.
 *
 * @param embeds the kinds of embeds that are edited inside
 */
export function edit(state: SyncState, operation: Operation, embeds: EmbedTypes = NO_EMBED_TYPES): SyncState {
  const last = normalForm(operation);
  if (!("buffer" in state)) return withBuffer(state, last);
  const pending = (PENDING.get(state) ?? Pending.of(state.buffer, embeds)).append(last);
  return pending.cancels ? withBuffer(state, []) : withPending(state, pending);
}

/** Puts the buffer in flight where nothing is; any other state stays as it is. */
export function flush(state: SyncState): SyncState {
  if (state.kind !== "buffered") return state;
  return { kind: "in_flight", version: state.version, inFlight: state.buffer };
}

/**
 * Somebody else's operations, committed as `state.version + 1` up to `state.version + versions`, as one.
 *
 * @param versions how many they are: 1 while everything comes one by one, more for a composed piece
 * @returns the state after it, and the operation as it applies to what the person sees
 */
export function receive(
  state: SyncState,
  remote: Operation,
  options?: Settings,
  versions = 1,
): { readonly state: SyncState; readonly apply: Operation } {
  const version = state.version + versions;
  switch (state.kind) {
    case "synchronised":
      return { state: synchronised(version), apply: remote };
    case "buffered": {
      const { mine, theirs } = cross(remote, state.buffer, options);
      return { state: withBuffer(synchronised(version), mine), apply: theirs };
    }
    case "in_flight": {
      const { mine, theirs } = cross(remote, state.inFlight, options);
      return { state: { ...state, version, inFlight: mine }, apply: theirs };
    }
    case "in_flight_and_buffered": {
      const first = cross(remote, state.inFlight, options);
      const second = cross(first.theirs, state.buffer, options);
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
      return withBufferOf(state, synchronised(state.version + 1));
    default:
      return state;
  }
}

/**
 * What the server tells an author who fell behind, in order: pieces, and the answer to what was in flight.
 * @returns the state after all of it, and what applies to what the person sees, one after the other
 * @throws OperationError `out_of_range` for a piece that does not start where the state is
 */
export function catchUp(
  state: SyncState,
  told: Iterable<Delivered>,
  options?: Settings,
): { readonly state: SyncState; readonly apply: readonly Operation[] } {
  const apply: Operation[] = [];
  let reached = state;
  for (const piece of told) {
    if (piece.from !== reached.version) {
      throw new OperationError("out_of_range", `a piece from ${piece.from} for a state at ${reached.version}`);
    }
    if (piece.own) {
      reached = acknowledge(reached);
    } else {
      const received = receive(reached, piece.operation, options, piece.to - piece.from);
      reached = received.state;
      apply.push(received.apply);
    }
  }
  return { state: reached, apply };
}

/**
 * The server's half: `operation`, made on an older version, as it applies to the newest one.
 *
 * @param since what was committed since that version, each exactly as it was (or will be) delivered to the author:
 *   transform does not distribute over compose, so both sides must cut history at the same versions
 */
export function admit(operation: Operation, since: readonly Operation[], options?: Settings): Operation {
  return since.reduce((moved, committed) => transform(committed, moved, "before", options), operation);
}

/** What the buffer of a state is made of, so that the next edit need not be composed onto all of it. */
const PENDING = new WeakMap<SyncState, Pending>();

/** `state` with a buffer that is composed when it is read. */
function withPending(state: SyncState, pending: Pending): SyncState {
  const { version } = state;
  const inFlight = inFlightOf(state);
  const buffer = {
    get buffer(): Operation {
      return pending.whole;
    },
  };
  const next: SyncState =
    inFlight === undefined
      ? Object.assign(buffer, { kind: "buffered" as const, version })
      : Object.assign(buffer, { kind: "in_flight_and_buffered" as const, version, inFlight });
  PENDING.set(next, pending);
  return next;
}

/** `state` with the buffer of `from`, not composed if it was not yet. */
function withBufferOf(from: SyncState & { readonly buffer: Operation }, state: SyncState): SyncState {
  const pending = PENDING.get(from);
  return pending === undefined ? withBuffer(state, from.buffer) : withPending(state, pending);
}

const inFlightOf = (state: SyncState): Operation | undefined => ("inFlight" in state ? state.inFlight : undefined);

/** What is in flight stays so even when nothing is left of it: the server has it and will answer. */
function withBuffer(state: SyncState, buffer: Operation): SyncState {
  const inFlight = inFlightOf(state);
  const { version } = state;
  if (isNoop(buffer)) return inFlight === undefined ? synchronised(version) : { kind: "in_flight", version, inFlight };
  if (inFlight === undefined) return { kind: "buffered", version, buffer };
  return { kind: "in_flight_and_buffered", version, inFlight, buffer };
}

/** Remote was committed before mine will be. */
function cross(remote: Operation, mine: Operation, options: Settings | undefined) {
  return {
    mine: transform(remote, mine, "before", options),
    theirs: transform(mine, remote, "after", options),
  };
}
