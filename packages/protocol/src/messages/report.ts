import { defineMessage, type MessageOf } from "../message.js";
import { integer, text } from "../schema.js";
import { clientId, documentId } from "./parts.js";

/**
 * Client → server: what I have at `version` is not what you have (C6). `expected` is the server's checksum, `actual` the
 * client's; `details` is what it takes to reproduce it, for people who debug: never parsed, never the text of anybody.
 * The server logs and counts it; there is no answer. Versions: 1 first.
 */
export const report = defineMessage("report", 7, {
  document: documentId,
  client: clientId,
  version: integer(0),
  expected: integer(0),
  actual: integer(0),
  details: text(4000),
});
export type Report = MessageOf<typeof report>;
