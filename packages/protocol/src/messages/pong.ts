import { defineMessage, type MessageOf } from "../message.js";

/** Server → client: I am. Versions: 1 first. */
export const pong = defineMessage("pong", 40, {});
export type Pong = MessageOf<typeof pong>;
