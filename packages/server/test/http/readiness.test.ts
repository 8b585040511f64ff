import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import Fastify from "fastify";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { useTypedErrors } from "../../src/http/errors.js";
import { type Readiness, registerReadiness } from "../../src/http/readiness.js";
import { acceptWebSockets } from "../../src/http/websockets.js";
import { silentLog } from "../../src/log.js";
import { World } from "../harness.js";

describe("O4, S9: readiness", () => {
  it("/readyz and every call say no with Retry-After while nobody new is taken; health goes on", async () => {
    let refusal: ReturnType<Readiness>;
    const app = Fastify();
    useTypedErrors(app, silentLog);
    registerReadiness(app, () => refusal);
    app.get("/v1/documents", async () => ({ documents: [] }));
    app.get("/healthz", async () => ({ status: "ok" }));
    const asked = async (url: string) => (await app.inject(url)).statusCode;
    expect((await app.inject("/readyz")).json()).toEqual({ status: "ready" });
    expect(await asked("/v1/documents")).toBe(200);
    refusal = { reason: "the server is stopping", retryAfter: 4500 };
    const answer = await app.inject("/readyz");
    expect([answer.statusCode, answer.headers["retry-after"]]).toEqual([503, "5"]);
    expect(answer.json()).toMatchObject({ error: { code: "shutting_down", retry: true, retryAfter: 4500 } });
    expect([await asked("/v1/documents"), await asked("/healthz")]).toEqual([503, 200]);
    await app.close();
  });

  it("a WebSocket that comes then gets 503 with Retry-After", async () => {
    const world = await World.create();
    let wait: number | undefined = 4500;
    const http = createHttpServer();
    acceptWebSockets(http, world.server, { maxPayload: 1000, loopbackOnly: true, sendAway: () => wait });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const address = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/v1/connect`;
    const refused = new WebSocket(address, ["tutti.v1"]);
    refused.on("error", () => undefined);
    const response = await new Promise<IncomingMessage>((resolve) => {
      refused.once("unexpected-response", (_request, answer: IncomingMessage) => resolve(answer));
    });
    expect([response.statusCode, response.headers["retry-after"]]).toEqual([503, "5"]);
    wait = undefined;
    const accepted = new WebSocket(address, ["tutti.v1"]);
    await new Promise((resolve) => accepted.once("open", resolve));
    accepted.terminate();
    refused.terminate();
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });
});
