import { defineMessage, type MessageOf } from "../message.js";
import { text } from "../schema.js";

/**
 * Client → server, first: who I am. The token travels here and not in the address, so that no log holds it. Once more
 * later with a newer token of the same person, before the one before expires (A1).
 * Versions: 1 first; then allowed again, for renewal.
 */
export const hello = defineMessage("hello", 1, { token: text(8192) });
export type Hello = MessageOf<typeof hello>;
