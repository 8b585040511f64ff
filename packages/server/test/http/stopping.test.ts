import { createServer as createHttpServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { codecFor, type DownMessage, type ErrorData } from "@tutti/protocol";
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

  it("a WebSocket that comes is told so, and when to come; who speaks no protocol of ours gets 503", async () => {
    const world = await World.create();
    const { address, close } = await listening(world);
    const accepted = new WebSocket(address, ["tutti.v1"]);
    await new Promise((resolve) => accepted.once("open", resolve));
    await world.done(world.server.drain({ window: 1000 }));
    const { error, code } = await toldTo(new WebSocket(address, ["tutti.v1+json", "tutti.v1"]));
    expect([error.code, error.retry, code]).toEqual(["shutting_down", true, 1001]);
    expect(error.retryAfter).toBeGreaterThan(0);
    const refused = await refusalOf(new WebSocket(address));
    expect(refused.statusCode).toBe(503);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    accepted.terminate();
    await close();
  });
});

describe("S10: while nobody is let in", () => {
  it("everybody is told a moment of their own on the WebSocket, where a browser can read it", async () => {
    const memoryBytes = (): number => 2_000_000_000;
    const world = await World.create({}, { rateLimits: true, vitals: { takeEventLoopLag: () => 0, memoryBytes } });
    world.server.guard.check();
    expect(world.server.guard.condition.shedding).toBe(4);
    const { address, close } = await listening(world);
    const told = await Promise.all(Array.from({ length: 20 }, () => toldTo(new WebSocket(address, ["tutti.v1"]))));
    expect(told.map(({ error, code }) => [error.code, code])).toEqual(told.map(() => ["overloaded", 4003]));
    const times = told.map(({ error }) => error.retryAfter ?? 0);
    expect(new Set(times).size).toBe(20);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(DEFAULT_PROTECTION.retryAfter);
    await close();
  });

  it("a socket that was told and does not close is cut off after two seconds", async () => {
    const world = await World.create();
    const { address, close } = await listening(world);
    await world.done(world.server.drain({ window: 1000 }));
    const deaf = await upgraded(address);
    // The answer to the closing handshake never comes from here.
    await new Promise((resolve) => deaf.once("data", resolve));
    const ended = new Promise((resolve) => deaf.once("close", resolve));
    await world.clock.advance(1999);
    expect(deaf.destroyed).toBe(false);
    await world.clock.advance(1);
    await ended;
    await close();
  });

  it("an address with too many connections gets 503: telling it would be one more", async () => {
    const world = await World.create({}, { rateLimits: true, protection: { connections: 1 } });
    world.connect();
    const { address, close } = await listening(world);
    const refused = await refusalOf(new WebSocket(address, ["tutti.v1"]));
    expect(refused.statusCode).toBe(503);
    await close();
  });
});

async function listening(world: World) {
  const http = createHttpServer();
  const intake = new FrameIntake(world.clock, DEFAULT_PROTECTION, 1000);
  acceptWebSockets(http, world.server, { maxPayload: 1000, frameBytes: 1000, loopbackOnly: true, intake });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const close = async (): Promise<void> => {
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  };
  return { address: `ws://127.0.0.1:${(http.address() as AddressInfo).port}/v1/connect`, close };
}

/** What a socket that is turned away hears, and how it is closed. */
async function toldTo(socket: WebSocket): Promise<{ readonly error: ErrorData; readonly code: number }> {
  const messages: DownMessage[] = [];
  socket.on("message", (data: Buffer, isBinary) => {
    const codec = codecFor(isBinary ? "tutti.v1" : "tutti.v1+json");
    messages.push(codec.decodeDown(isBinary ? data : data.toString()));
  });
  const code = await new Promise<number>((resolve) => socket.once("close", resolve));
  expect(messages.map(({ type }) => type)).toEqual(["failed"]);
  return {
    error: messages.flatMap((message) => (message.type === "failed" ? [message.error] : []))[0] as ErrorData,
    code,
  };
}

/** The bare socket of a WebSocket that was accepted. */
function upgraded(address: string): Promise<Socket> {
  const asked = get(address.replace(/^ws/, "http"), {
    headers: {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-key": Buffer.alloc(16).toString("base64"),
      "sec-websocket-version": "13",
      "sec-websocket-protocol": "tutti.v1",
    },
  });
  return new Promise((resolve) => {
    asked.once("upgrade", (_answer, socket: Socket, head) => {
      if (head.length > 0) socket.unshift(head);
      socket.on("error", () => undefined);
      resolve(socket);
    });
  });
}

/** The answer to an upgrade that is refused. */
function refusalOf(socket: WebSocket): Promise<IncomingMessage> {
  socket.on("error", () => undefined);
  return new Promise((resolve) => {
    socket.once("unexpected-response", (_request, answer: IncomingMessage) => {
      resolve(answer);
      socket.terminate();
    });
  });
}
