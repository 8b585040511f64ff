import { defineMessage, type MessageOf } from "../message.js";
import { array, integer, oneOf, operation, optional, text } from "../schema.js";
import { change, documentId, presenceEntries } from "./parts.js";

/**
 * Server → client: the answer to `open`. Either `content` (the whole document at `version`) or `changes` (all that came
 * after the version which the client has, up to `version`). `sequence` is the client's last committed one: what is in
 * flight with this or a lower sequence is saved already.
 * `identicalInserts` says what becomes of equal inserts that two people made at one place, neither having seen the
 * other's (E5); left out: "merge". It never changes for a document.
 * Versions: 1 first; `identicalInserts` added later within 1: a client that does not know it merges, finds the checksum
 * of the next version wrong where it mattered, and opens the document anew.
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
  identicalInserts: optional(oneOf("merge", "keep")),
});
export type Opened = MessageOf<typeof opened>;
