import type { FastifyInstance } from "fastify";
import { type Condition, isReady, isServing } from "../protection/condition.js";
import type { Guard } from "../protection/guard.js";

/**
 * `/healthz`: whether the server can serve at all; `/readyz`: whether newcomers should be sent here. 200 or 503, both
 * with the condition, so that a person sees why (S8, O4).
 */
export function registerHealth(app: FastifyInstance, guard: Guard): void {
  app.get("/healthz", async (_request, reply) => {
    const condition = guard.check();
    return reply.code(isServing(condition) ? 200 : 503).send(report(condition, isServing(condition)));
  });
  app.get("/readyz", async (_request, reply) => {
    const condition = guard.check();
    return reply.code(isReady(condition) ? 200 : 503).send(report(condition, isReady(condition)));
  });
}

function report({ level, name, shedding, reasons, since }: Condition, good: boolean) {
  const status = good ? (level === 0 ? "ok" : "degraded") : "unavailable";
  return { status, level, name, shedding, reasons, since: new Date(since).toISOString() };
}
