import { defineMessage, type MessageOf } from "../message.js";
import { array, boolean, integer, oneOf, optional } from "../schema.js";
import { documentId, user } from "./parts.js";

/**
 * Server → client, to those who opened with `attendance`: how many are here, and whether the receiver may edit (S11). It
 * states all there is; the newest one counts, and one may be left out. It comes after `opened` and whenever something of
 * it has changed.
 *
 * `mode`: "open" · "crowded": newcomers view · "moderated": the owner says who edits. `place` is the receiver's own:
 * "editing" · "viewing" · "asking": waits for a place. `people` counts persons, hidden ones too; `editors` those with a
 * place, of `places`. `line`: of one who asks, how many ask before them, and they (1: next). `refused`: somebody said no to
 * the receiver's last wish. `updates`: milliseconds between two updates to those who view; left out: at once.
 * To those who may decide, `asking` names who waits, in order; `named` (to the owner, in moderated mode) who may edit.
 * Versions: 1 first.
 */
export const attendance = defineMessage("attendance", 41, {
  document: documentId,
  mode: oneOf("open", "crowded", "moderated"),
  place: oneOf("editing", "viewing", "asking"),
  people: integer(0),
  editors: integer(0),
  places: integer(0),
  line: optional(integer(1)),
  refused: optional(boolean),
  updates: optional(integer(1)),
  asking: optional(array(user)),
  named: optional(array(user)),
});
export type Attendance = MessageOf<typeof attendance>;
