import { defineMessage, type MessageOf } from "../message.js";
import { array, integer } from "../schema.js";
import { change, documentId } from "./parts.js";

/**
 * Server → client: these operations are durable; the first one made `version`, the next one `version + 1` …. All that
 * one commit brought comes in one message. A change without an operation is the receiver's own: its acknowledgement.
 * A change with `versions` is several operations composed into one, for whoever opened with `pieces` and fell behind (S6).
 * Versions: 1 first; 1 `versions` of a change added.
 */
export const committed = defineMessage("committed", 34, {
  document: documentId,
  version: integer(1),
  changes: array(change),
});
export type Committed = MessageOf<typeof committed>;
