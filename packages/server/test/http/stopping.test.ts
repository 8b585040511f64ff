import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import Fastify from "fastify";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { useTypedErrors } from "../../src/http/errors.js";
import { registerHealth } from "../../src/http/health.js";
import { refuseWhileStopping } from "../../src/http/stopping.js";
import { acceptWebSockets } from "../../src/http/websockets.js";
import { silentLog } from "../../src/log.js";
import { DEFAULT_PROTECTION } from "../../src/protection/defaults.js";
import { FrameIntake } from "../../src/protection/frame-intake.js";
import { World } from "../harness.js";

describe("S9: while the server stops", () => {
  it("calls get 503 with Retry-After, and so do /readyz and /healthz, which say why", async () => {
    const world = await World.create();
    const app = Fastify();
    useTypedErrors(app, silentLog);
    refuseWhileStopping(app, () => (world.server.draining ? 4500 : undefined));
    registerHealth(app, world.server.guard);
    app.get("/v1/documents", async () => ({ documents: [] }));
    const asked = async (url: string) => (await app.inject(url)).statusCode;
    expect(await Promise.all(["/readyz", "/healthz", "/v1/documents"].map(asked))).toEqual([200, 200, 200]);
    await world.done(world.server.drain({ window: 1000 }));
    const answer = await app.inject("/v1/documents");
    expect([answer.statusCode, answer.headers["retry-after"]]).toEqual([503, "5"]);
    expect(answer.json()).toMatchObject({ error: { code: "shutting_down", retry: true, retryAfter: 4500 } });
    for (const url of ["/readyz", "/healthz"]) {
      const health = await app.inject(url);
      expect([health.statusCode, health.json()]).toMatchObject([
        503,
        { status: "unavailable", level: 4, name: "offline", reasons: expect.arrayContaining(["stopping"]) },
      ]);
    }
    await app.close();
  });

  it("a WebSocket that comes gets 503 with Retry-After", async () => {
    const world = await World.create();
    const http = createHttpServer();
    const intake = new FrameIntake(world.clock, DEFAULT_PROTECTION, 1000);
    acceptWebSockets(http, world.server, { maxPayload: 1000, frameBytes: 1000, loopbackOnly: true, intake });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const address = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/v1/connect`;
    const accepted = new WebSocket(address, ["tutti.v1"]);
    await new Promise((resolve) => accepted.once("open", resolve));
    await world.done(world.server.drain({ window: 1000 }));
    const refused = new WebSocket(address, ["tutti.v1"]);
    refused.on("error", () => undefined);
    const response = await new Promise<IncomingMessage>((resolve) => {
      refused.once("unexpected-response", (_request, answer: IncomingMessage) => resolve(answer));
    });
    expect(response.statusCode).toBe(503);
    expect(Number(response.headers["retry-after"])).toBeGreaterThan(0);
    accepted.terminate();
    refused.terminate();
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });
});
