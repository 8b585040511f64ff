import { defineMessage, type MessageOf } from "../message.js";
import { documentId } from "./parts.js";

/** Client → server: leave a document. Versions: 1 first. */
export const close = defineMessage("close", 3, { document: documentId });
export type Close = MessageOf<typeof close>;
