import { defineMessage, type MessageOf } from "../message.js";
import { array, boolean, integer, object, optional } from "../schema.js";
import { documentId, presenceEntries } from "./parts.js";

/**
 * Server → client: these people came, moved or left. Only what changed, unless `all` says that these are all there are;
 * may be dropped (P1). `moved`, to those who opened with `attendance`: cursors of people whose entry was told before, as
 * `number, anchor, head` one after the other, all of one version. `available`: false when nothing is known of anybody
 * until further notice; true when it is known again, with `all`.
 * Versions: 1 first; then optional `moved`, `all`, `available` at the end.
 */
export const presence = defineMessage("presence", 38, {
  document: documentId,
  entries: presenceEntries,
  moved: optional(object({ version: integer(0), cursors: array(integer(0)) })),
  all: optional(boolean),
  available: optional(boolean),
});
export type Presence = MessageOf<typeof presence>;
