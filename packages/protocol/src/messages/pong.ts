import { defineMessage, type MessageOf } from "../message.js";
import { integer, optional } from "../schema.js";

/**
 * Server → client: I am, and this is how I am. It comes as the answer to `ping`, and unasked when something of it has
 * changed. `level`: the degradation level (S8), 0 to 5; `pace`: milliseconds to leave between two operations on one
 * document; left out, each is 0.
 * Versions: 1 first; then optional `level` and `pace` at the end.
 */
export const pong = defineMessage("pong", 40, { level: optional(integer(0)), pace: optional(integer(0)) });
export type Pong = MessageOf<typeof pong>;
