import { defineMessage, type MessageOf } from "../message.js";
import { boolean, integer, oneOf, optional, text } from "../schema.js";
import { documentId, user } from "./parts.js";

/**
 * Server → client, to those who opened with `attendance` and may edit: something happened here that somebody should look
 * at (L4). Nothing was held back. `version` is the first one of it, and names it. "mass_deletion": `removed` of `length`
 * UTF-16 units are gone; it can be restored. "flagged": the content check says `reason`. `settled`: it was restored or
 * dismissed; nobody needs to look any more. Versions: 1 first.
 */
export const alert = defineMessage("alert", 42, {
  document: documentId,
  version: integer(1),
  kind: oneOf("mass_deletion", "flagged"),
  user,
  removed: optional(integer(0)),
  length: optional(integer(0)),
  reason: optional(text(200)),
  settled: optional(boolean),
});
export type Alert = MessageOf<typeof alert>;
