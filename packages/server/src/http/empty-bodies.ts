import type { FastifyInstance } from "fastify";

/**
 * Calls that need no body are often made with the header of JSON all the same: then nothing is what it says, and no
 * malformed text. Calls that need fields name the missing one.
 */
export function takeEmptyBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else void parse(request, body.toString(), done);
  });
}
