import { type AnyKind, DOWN, UP } from "./messages/directions.js";

/** Text that describes the whole wire format; a test holds its hash against the one noted for this version. */
export function describeWire(): string {
  const kinds = [...UP, ...DOWN] as unknown as readonly AnyKind[];
  return kinds.map((kind) => `${kind.type}#${kind.code}${kind.schema.describe}`).join("\n");
}
