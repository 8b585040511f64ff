import { defineMessage, type MessageOf } from "../message.js";
import { text } from "../schema.js";

/**
 * Client → server, first and once: who I am. The token travels here and not in the address, so that no log holds it.
 * Versions: 1 first.
 */
export const hello = defineMessage("hello", 1, { token: text(8192) });
export type Hello = MessageOf<typeof hello>;
