import { defineMessage, type MessageOf } from "../message.js";
import { integer, untrustedOperation } from "../schema.js";
import { documentId } from "./parts.js";

/**
 * Client → server: commit my operation, made on `version`. `sequence` counts this client's operations on this document
 * from 1; sending one again is safe (S2). The answer is `committed`, `acknowledged` or `rejected`.
 * Versions: 1 first.
 */
export const submit = defineMessage("submit", 4, {
  document: documentId,
  sequence: integer(1),
  version: integer(0),
  operation: untrustedOperation,
});
export type Submit = MessageOf<typeof submit>;
