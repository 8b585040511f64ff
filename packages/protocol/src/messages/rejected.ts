import { defineMessage, type MessageOf } from "../message.js";
import { integer } from "../schema.js";
import { documentId, error } from "./parts.js";

/** Server → client: that operation was not committed. With `retry` the same one may be sent again. Versions: 1 first. */
export const rejected = defineMessage("rejected", 36, { document: documentId, sequence: integer(1), error });
export type Rejected = MessageOf<typeof rejected>;
