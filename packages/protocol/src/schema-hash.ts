import { type AnyKind, DOWN, UP } from "./messages/directions.js";

/** The number in the name of the subprotocols. */
export const PROTOCOL_VERSION = 1;

/**
 * SHA-256 of `describeWire()` for this version, in hexadecimal. A test compares. When it fails, the wire has changed:
 *
 *  - only a new optional field at the end of a message: old peers ignore it. Write it into the version history of the
 *    message's file and into docs/protocol.md, and put the new hash here.
 *  - anything else (a new message; a field removed, renamed, moved, of another type, no longer optional; another grammar
 *    of operations): old peers would misread or refuse it. It needs a new version beside the old one: a new subprotocol,
 *    `PROTOCOL_VERSION` raised, and the old one kept working for as long as docs/protocol.md promises.
 */
export const WIRE_HASH = "ac81ad77ea823bdc8e21ccd012c78be12b75854c7f3db86eddc88f000ded2be4";

/** Text that describes the whole wire format: every message with direction, code, and fields in their order. */
export function describeWire(): string {
  const lines = (direction: string, kinds: readonly unknown[]): readonly string[] =>
    (kinds as readonly AnyKind[]).map(({ type, code, schema }) => `${direction} ${type}#${code}${schema.describe}`);
  return [...lines("up", UP), ...lines("down", DOWN)].join("\n");
}
