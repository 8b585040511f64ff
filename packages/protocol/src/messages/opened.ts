import { defineMessage, type MessageOf } from "../message.js";
import { array, integer, object, oneOf, operation, optional, text } from "../schema.js";
import { change, documentId, presenceEntries, role } from "./parts.js";

/**
 * Server → client: the answer to `open`. Either `content` (the whole document at `version`) or `changes` (all that came
 * after the version which the client has, up to `version`). `sequence` is the client's last committed one: what is in
 * flight with this or a lower sequence is saved already.
 * `identicalInserts` says what becomes of equal inserts that two people made at one place, neither having seen the
 * other's (E5); left out: "merge". It never changes for a document.
 * A large `content` comes in several of these messages, where the client opened with `pieces`: `part` tells where this
 * part of it starts and how long all of it is, in UTF-16 units (S3).
 * `role` says what this person may do here (A2); left out: edit. `place`: whether they edit now, or view, because many are
 * here or the owner names who edits (S11); left out: as the role says.
 * Versions: 1 first; `identicalInserts` added later within 1: a client that does not know it merges, finds the checksum
 * of the next version wrong where it mattered, and opens the document anew; then `part`, for those who ask for it; then `role`;
 * then `place`.
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
  part: optional(object({ from: integer(0), length: integer(0) })),
  role: optional(role),
  place: optional(oneOf("editing", "viewing")),
});
export type Opened = MessageOf<typeof opened>;
