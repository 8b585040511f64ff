import { defineMessage, type MessageOf } from "../message.js";
import { documentId, error } from "./parts.js";

/** Server → client: a document could not be opened, or is no longer open here; `error` says why. Versions: 1 first. */
export const closed = defineMessage("closed", 37, { document: documentId, error });
export type Closed = MessageOf<typeof closed>;
