import { TuttiError } from "@tutti/protocol";
import type { FastifyInstance } from "fastify";

/** Why this server takes nobody new, and for how many milliseconds at least; undefined while it does. */
export type Readiness = () => { readonly reason: string; readonly retryAfter: number } | undefined;

/**
 * `/readyz`, for whoever shares out newcomers (O4), and the same answer to every call of the API: 503 with `Retry-After`
 * while the server takes nobody new. `/healthz` and `/metrics` go on.
 */
export function registerReadiness(app: FastifyInstance, readiness: Readiness): void {
  const refuseUnlessReady = async (): Promise<void> => {
    const refusal = readiness();
    if (refusal !== undefined) throw new TuttiError("shutting_down", refusal.reason, refusal.retryAfter);
  };
  app.addHook("onRequest", async (request) => {
    if (request.url.startsWith("/v1/")) await refuseUnlessReady();
  });
  app.get("/readyz", async () => {
    await refuseUnlessReady();
    return { status: "ready" };
  });
}
