import { TuttiError, type User } from "@tutti/protocol";
import type { FastifyRequest } from "fastify";
import type { Authenticator } from "../access/authenticator.js";

/**
 * Who sends a request, by `Authorization: Bearer <token>`.
 * @throws TuttiError `unauthenticated`
 */
export async function identify(request: FastifyRequest, authenticator: Authenticator): Promise<User> {
  const [scheme, token] = (request.headers.authorization ?? "").split(" ");
  if (scheme?.toLowerCase() !== "bearer" || token === undefined || token === "") {
    throw new TuttiError("unauthenticated", "send the header Authorization: Bearer <token>");
  }
  return authenticator.verify(token);
}
