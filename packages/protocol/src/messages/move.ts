import { defineMessage, type MessageOf } from "../message.js";
import { nullable, oneOf, optional } from "../schema.js";
import { cursor, documentId, visibility } from "./parts.js";

/**
 * Client → server: my cursor is here now (null: I am only looking). `activity`: what I do with the text; left out: as my
 * place allows. `visibility`: from now on others see me so; left out: as before (P5). May be dropped (P1).
 * Versions: 1 first; then optional `activity`, `visibility` at the end.
 */
export const move = defineMessage("move", 5, {
  document: documentId,
  cursor: nullable(cursor),
  activity: optional(oneOf("editing", "viewing")),
  visibility: optional(visibility),
});
export type Move = MessageOf<typeof move>;
