import { defineMessage, type MessageOf } from "../message.js";
import { array, integer, object, oneOf, operation, optional, text } from "../schema.js";
import { change, documentId, presenceEntries } from "./parts.js";

/**
 * Server → client: the answer to `open`. Either `content` (the whole document at `version`) or `changes` (all that came
 * after the version which the client has, up to `version`). `sequence` is the client's last committed one: what is in
 * flight with this or a lower sequence is saved already. A large `content` comes in several of these messages, where the
 * client opened with `pieces`: `part` tells where this part of it starts and how long all of it is, in UTF-16 units.
 * Versions: 1 first; 1 `part` added.
 */
export const opened = defineMessage("opened", 33, {
  document: documentId,
  version: integer(0),
  checksum: integer(0),
  sequence: integer(0),
  kind: oneOf("rich", "plain"),
  title: text(200),
  content: optional(operation),
  changes: optional(array(change)),
  presence: presenceEntries,
  part: optional(object({ from: integer(0), length: integer(0) })),
});
export type Opened = MessageOf<typeof opened>;
