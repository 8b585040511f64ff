import { defineMessage, type MessageOf } from "../message.js";
import { documentId, presenceEntries } from "./parts.js";

/** Server → client: these people came, moved or left. Only what changed; may be dropped (P1). Versions: 1 first. */
export const presence = defineMessage("presence", 38, { document: documentId, entries: presenceEntries });
export type Presence = MessageOf<typeof presence>;
