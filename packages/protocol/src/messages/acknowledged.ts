import { defineMessage, type MessageOf } from "../message.js";
import { integer } from "../schema.js";
import { documentId } from "./parts.js";

/** Server → client: that operation was committed before, as `version`; this was a repetition. Versions: 1 first. */
export const acknowledged = defineMessage("acknowledged", 35, {
  document: documentId,
  sequence: integer(1),
  version: integer(1),
});
export type Acknowledged = MessageOf<typeof acknowledged>;
