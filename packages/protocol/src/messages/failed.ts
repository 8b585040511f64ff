import { defineMessage, type MessageOf } from "../message.js";
import { optional } from "../schema.js";
import { documentId, error } from "./parts.js";

/**
 * Server → client: a message of yours could not be understood or is not allowed now. `document`: it was a wish about who
 * edits there (`ask`, `decide`, `moderate`); nothing is wrong with the connection.
 * Versions: 1 first; then optional `document` at the end.
 */
export const failed = defineMessage("failed", 39, { error, document: optional(documentId) });
export type Failed = MessageOf<typeof failed>;
