import { defineMessage, type MessageOf } from "../message.js";
import { integer, object, optional } from "../schema.js";
import { user } from "./parts.js";

/**
 * Server → client: the answer to `hello`. `limits` are what the server enforces, so that a client can split and wait
 * instead of being refused; `heartbeat` is how often (ms) a `ping` is expected when there is nothing else to say.
 * `expiresIn`: milliseconds until the token expires; a client renews it before then with another `hello` on the same
 * connection, which is answered by another `welcome` (A1). Left out: it does not expire as far as the server knows.
 * Versions: 1 first; then optional `expiresIn` at the end.
 */
export const welcome = defineMessage("welcome", 32, {
  user,
  limits: object({ frameBytes: integer(1), insertLength: integer(1), documentLength: integer(1) }),
  heartbeat: integer(1),
  expiresIn: optional(integer(0)),
});
export type Welcome = MessageOf<typeof welcome>;
