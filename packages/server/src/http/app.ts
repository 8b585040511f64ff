import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import { TuttiError } from "@tutti/protocol";
import Fastify, { type FastifyInstance } from "fastify";
import type { Log } from "../log.js";
import { type ApiEnvironment, registerApi } from "./api.js";
import { takeEmptyBodies } from "./empty-bodies.js";
import { useTypedErrors } from "./errors.js";
import { registerHealth } from "./health.js";
import { namesLoopback } from "./host.js";
import { refuseWhileStopping } from "./stopping.js";

export interface AppEnvironment extends ApiEnvironment {
  readonly log: Log;
  readonly metrics: { readonly contentType: string; text(): Promise<string> };
  /** What callers are told to wait (ms) while the server stops; undefined while it does not. Left out: it never does. */
  readonly stopping?: () => number | undefined;
  /** Folder of the built web app. */
  readonly webRoot: string;
}

const BODY_LIMIT = 65_536;

/** The HTTP side of the server: calls, health, metrics, and the web app. */
export async function createApp(env: AppEnvironment): Promise<FastifyInstance> {
  const app = Fastify({ bodyLimit: BODY_LIMIT, forceCloseConnections: true });
  useTypedErrors(app, env.log);
  takeEmptyBodies(app);
  useSecurityHeaders(app);
  if (env.guests) refuseForeignNames(app);
  if (env.stopping !== undefined) refuseWhileStopping(app, env.stopping);
  registerApi(app, env);
  registerHealth(app, env.guard);
  app.get("/metrics", async (_request, reply) => {
    const text = await env.metrics.text();
    return reply.type(env.metrics.contentType).send(text);
  });
  await serveWebApp(app, env.webRoot);
  return app;
}

/** The app's own pages need nothing from elsewhere (A5); editors set inline styles. */
function useSecurityHeaders(app: FastifyInstance): void {
  const policy = [
    "default-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: https:",
    "connect-src 'self' ws: wss:",
    "object-src 'none'",
    "base-uri 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
  app.addHook("onSend", async (_request, reply) => {
    reply.headers({
      "content-security-policy": policy,
      "x-content-type-options": "nosniff",
      "referrer-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
    });
  });
}

function refuseForeignNames(app: FastifyInstance): void {
  app.addHook("onRequest", async (request) => {
    if (namesLoopback(request.headers.host)) return;
    throw new TuttiError("forbidden", "this server lets guests in, so it answers to loopback names only");
  });
}

/** Any path that a person may have bookmarked leads to the app; any other unknown path is a typed 404. */
async function serveWebApp(app: FastifyInstance, root: string): Promise<void> {
  const built = existsSync(join(root, "index.html"));
  if (built) await app.register(fastifyStatic, { root, wildcard: false });
  app.setNotFoundHandler(async (request, reply) => {
    const isPage = request.method === "GET" && (request.headers.accept ?? "").includes("text/html");
    if (built && isPage && !request.url.startsWith("/v1/")) return reply.sendFile("index.html");
    throw new TuttiError("not_found", `there is nothing at ${request.method} ${request.url}`);
  });
}
