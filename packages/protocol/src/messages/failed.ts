import { defineMessage, type MessageOf } from "../message.js";
import { error } from "./parts.js";

/** Server → client: a message of yours could not be understood or is not allowed now. Versions: 1 first. */
export const failed = defineMessage("failed", 39, { error });
export type Failed = MessageOf<typeof failed>;
