import { TuttiError } from "@tutti/protocol";
import type { FastifyInstance } from "fastify";
import { POLL_PATH } from "./polling/lines.js";

/**
 * While the server stops, calls of the API get 503 with `Retry-After` (S9); health, metrics and pages go on, and so do
 * connections over HTTP, which are told by themselves.
 * @param stopping milliseconds to wait; undefined while the server does not stop
 */
export function refuseWhileStopping(app: FastifyInstance, stopping: () => number | undefined): void {
  app.addHook("onRequest", async (request) => {
    const wait = stopping();
    if (wait === undefined || !request.url.startsWith("/v1/") || request.url === POLL_PATH) return;
    throw new TuttiError("shutting_down", "the server is stopping", wait);
  });
}
