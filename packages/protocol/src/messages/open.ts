import { defineMessage, type MessageOf } from "../message.js";
import { integer, optional } from "../schema.js";
import { clientId, documentId } from "./parts.js";

/**
 * Client → server: join a document. With `version` the client has that version and wants only what came later (C5);
 * without, it wants the content. `client` names the author of the edits to come; it belongs to one person for ever.
 * Versions: 1 first.
 */
export const open = defineMessage("open", 2, {
  document: documentId,
  client: clientId,
  version: optional(integer(0)),
});
export type Open = MessageOf<typeof open>;
