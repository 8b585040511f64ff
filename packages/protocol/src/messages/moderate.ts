import { defineMessage, type MessageOf } from "../message.js";
import { boolean } from "../schema.js";
import { documentId } from "./parts.js";

/** Client → server: the owner alone says who edits here, or not any more (S11). Versions: 1 first. */
export const moderate = defineMessage("moderate", 10, { document: documentId, moderated: boolean });
export type Moderate = MessageOf<typeof moderate>;
