import { defineMessage, type MessageOf } from "../message.js";

/** Client → server: are you there? Versions: 1 first. */
export const ping = defineMessage("ping", 6, {});
export type Ping = MessageOf<typeof ping>;
