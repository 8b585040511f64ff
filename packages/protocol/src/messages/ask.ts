import { defineMessage, type MessageOf } from "../message.js";
import { oneOf } from "../schema.js";
import { documentId } from "./parts.js";

/**
 * Client → server: in a document with more people than may edit at once (S11), `edit` asks for a place among those who
 * edit, `view` takes the wish back or gives the place up. The answer is `attendance`. Versions: 1 first.
 */
export const ask = defineMessage("ask", 8, { document: documentId, wish: oneOf("edit", "view") });
export type Ask = MessageOf<typeof ask>;
