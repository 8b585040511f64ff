import { defineMessage, type MessageOf } from "../message.js";
import { nullable } from "../schema.js";
import { cursor, documentId } from "./parts.js";

/** Client → server: my cursor is here now (null: I am only looking). May be dropped (P1). Versions: 1 first. */
export const move = defineMessage("move", 5, { document: documentId, cursor: nullable(cursor) });
export type Move = MessageOf<typeof move>;
