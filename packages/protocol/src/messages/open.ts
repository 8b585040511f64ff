import { defineMessage, type MessageOf } from "../message.js";
import { boolean, integer, optional } from "../schema.js";
import { clientId, documentId } from "./parts.js";

/**
 * Client → server: join a document. With `version` the client has that version and wants only what came later (C5);
 * without, it wants the content. `client` names the author of the edits to come; it belongs to one person for ever.
 * `pieces`: the client understands changes that stand for several versions, its own change with an operation, and content
 * in parts (S6, S3). `content`, beside `version`: nothing of the client's is pending, so the whole content will do where
 * it is smaller than what changed.
 * Versions: 1 first; 1 `pieces`, `content` added.
 */
export const open = defineMessage("open", 2, {
  document: documentId,
  client: clientId,
  version: optional(integer(0)),
  pieces: optional(boolean),
  content: optional(boolean),
});
export type Open = MessageOf<typeof open>;
