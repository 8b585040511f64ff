import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { TuttiClient } from "@tutti/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { ServerProcess } from "./server-process.js";

const ATTACKERS = 200;
/** Just below what the server still reads for a typed error. */
const FRAME = 4_000_000;
/**
 * docs/limits.md: two times 64 MB of unfinished frames, and what the process needs anyway. Without the account of
 * unfinished frames it was 880 MB.
 */
const BOUND = 450_000_000;

/** A socket after the WebSocket handshake; no library, so that it can do what none would. */
async function handshake(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => undefined);
  const headers = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: dHV0dGktdHV0dGktdHV0dA=="];
  headers.push("Sec-WebSocket-Version: 13", "Sec-WebSocket-Protocol: tutti.v1+json", `Host: ${hostname}:${port}`);
  socket.write(`GET /v1/connect HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n`);
  await new Promise<void>((resolve) => {
    socket.once("data", () => resolve());
    socket.once("close", () => resolve());
  });
  socket.resume();
  return socket;
}

/** One text frame; the mask is zero, so that the bytes are what they say. */
function frame(content: Uint8Array): Buffer {
  const head = Buffer.alloc(14);
  head[0] = 0x81;
  head[1] = 0x80 | 127;
  head.writeBigUInt64BE(BigInt(content.length), 2);
  return Buffer.concat([head, content]);
}

const text = (message: object): Buffer => frame(Buffer.from(JSON.stringify(message)));
const LARGE = frame(Buffer.alloc(FRAME, "x"));

async function residentBytes({ url }: ServerProcess): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(metrics)?.[1]);
}

/** Types and saves while the attack lasts. @returns the largest memory of the server that was seen */
async function workUnder(server: ServerProcess, attack: (token: string, index: number) => Promise<Socket>) {
  const [honest, evil] = [await server.signIn("Ann"), await server.signIn("Eve")];
  const id = await server.createDocument(honest, "plain");
  const client = new TuttiClient({ url: server.url, token: honest, WebSocket });
  const document = client.open(id);
  await document.ready;
  const sockets = await Promise.all(Array.from({ length: ATTACKERS }, (_, index) => attack(evil, index)));
  let largest = 0;
  for (let round = 0; round < 25; round += 1) {
    document.insert(0, "k");
    await document.saved();
    largest = Math.max(largest, await residentBytes(server));
    await pause(100);
  }
  for (const socket of sockets) socket.destroy();
  document.insert(0, "!");
  await document.saved();
  expect(await server.text(honest, id)).toBe(`!${"k".repeat(25)}`);
  client.close();
  return largest;
}

describe("S12: floods of large frames against the real process", { timeout: 120_000 }, () => {
  const server = new ServerProcess();
  beforeAll(() => server.start());
  afterAll(() => server.dispose());

  it("frames that begin and never end: memory is bounded, others work on", async () => {
    const largest = await workUnder(server, async (token) => {
      const socket = await handshake(server.url);
      socket.write(text({ type: "hello", token }));
      socket.write(LARGE.subarray(0, FRAME - 1000));
      return socket;
    });
    expect(largest).toBeGreaterThan(0);
    expect(largest).toBeLessThan(BOUND);
  });

  it("whole frames of junk as fast as they go: memory is bounded, others work on", async () => {
    const largest = await workUnder(server, async (token) => {
      const socket = await handshake(server.url);
      socket.write(text({ type: "hello", token }));
      const push = (error?: Error | null): void => {
        if (!error && socket.writable) socket.write(LARGE, push);
      };
      push();
      return socket;
    });
    expect(largest).toBeLessThan(BOUND);
  });
});
