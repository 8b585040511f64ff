import { defineMessage, type MessageOf } from "../message.js";
import { integer, object } from "../schema.js";
import { user } from "./parts.js";

/**
 * Server → client: the answer to `hello`. `limits` are what the server enforces, so that a client can split and wait
 * instead of being refused; `heartbeat` is how often (ms) a `ping` is expected when there is nothing else to say.
 * Versions: 1 first.
 */
export const welcome = defineMessage("welcome", 32, {
  user,
  limits: object({ frameBytes: integer(1), insertLength: integer(1), documentLength: integer(1) }),
  heartbeat: integer(1),
});
export type Welcome = MessageOf<typeof welcome>;
