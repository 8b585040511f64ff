import { defineMessage, type MessageOf } from "../message.js";
import { boolean, integer, optional } from "../schema.js";
import { clientId, device, documentId, visibility } from "./parts.js";

/**
 * Client → server: join a document. With `version` the client has that version and wants only what came later (C5);
 * without, it wants the content. `client` names the author of the edits to come; it belongs to one person for ever.
 * `pieces`: the client understands changes that stand for several versions, its own change with an operation, and content
 * in parts (S6, S3). `content`, beside `version`: nothing of the client's is pending, so the whole content will do where
 * it is smaller than what changed.
 * `attendance`: the client understands `attendance`, `alert` and `moved` (`presence`); to one without it, "viewing" is told as
 * the role of a viewer. `visibility`: how others see the person while they view; left out: by name (P5). `device`: what
 * they work with, for the others to see.
 * Versions: 1 first; 1 `pieces`, `content` added; then `attendance`, `visibility`, `device`.
 */
export const open = defineMessage("open", 2, {
  document: documentId,
  client: clientId,
  version: optional(integer(0)),
  pieces: optional(boolean),
  content: optional(boolean),
  attendance: optional(boolean),
  visibility: optional(visibility),
  device: optional(device),
});
export type Open = MessageOf<typeof open>;
