import { defineMessage, type MessageOf } from "../message.js";
import { array, integer, oneOf, operation, optional, text } from "../schema.js";
import { change, documentId, presenceEntries } from "./parts.js";

/**
 * Server → client: the answer to `open`. Either `content` (the whole document at `version`) or `changes` (all that came
 * after the version which the client has, up to `version`). `sequence` is the client's last committed one: what is in
 * flight with this or a lower sequence is saved already.
 * Versions: 1 first.
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
});
export type Opened = MessageOf<typeof opened>;
