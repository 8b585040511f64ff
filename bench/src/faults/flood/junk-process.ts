import { connect } from "node:net";
import { SeededRandom } from "@tutti/testkit";
import { WebSocket } from "ws";
import { junkFrame } from "./junk-frames.js";
import type { JunkAnswer, JunkOrder } from "./messages.js";

// A process of its own that opens thousands of connections and sends what makes no sense over them.

/** Frames of one connection, unless it is closed before. */
const FRAMES = 40;
/** A connection that nobody ends is ended from here after so long, in milliseconds. */
const LONGEST = 15_000;

type Ending = (how: string) => void;

/** Mostly as the kind of frame that it is; bytes that are no text, sent as text, end a connection at once. */
function sendJunk(socket: WebSocket, random: SeededRandom): void {
  const junk = junkFrame(random);
  const asItIs = typeof junk !== "string";
  socket.send(junk, { binary: random.chance(0.01) ? !asItIs : asItIs });
}

/** A WebSocket, with a proper `hello` or without, and then junk. */
function junkOverWebSocket(order: JunkOrder, random: SeededRandom, localAddress: string, ended: Ending): () => number {
  const subprotocol = random.pick(["tutti.v1", "tutti.v1+json"] as const);
  const address = `${order.url.replace("http", "ws")}/v1/connect`;
  const socket = new WebSocket(address, subprotocol, { localAddress, perMessageDeflate: false });
  const tired = setTimeout(() => socket.terminate(), LONGEST);
  let frames = 0;
  let how = "reset";
  socket.on("open", () => {
    if (subprotocol === "tutti.v1+json" && random.chance(0.5)) {
      socket.send(JSON.stringify({ type: "hello", token: order.token }));
    }
    for (; frames < FRAMES; frames += 1) sendJunk(socket, random);
  });
  socket.on("unexpected-response", (_request, response) => {
    how = `refused with ${response.statusCode}`;
    socket.terminate();
  });
  socket.on("error", () => undefined);
  socket.on("close", (code) => {
    clearTimeout(tired);
    ended(code === 1006 ? how : `closed with ${code}`);
  });
  return () => frames;
}

/** Bytes that are no HTTP, or an upgrade that becomes no WebSocket. */
function junkOverTcp(order: JunkOrder, random: SeededRandom, localAddress: string, ended: Ending): () => number {
  const { hostname, port } = new URL(order.url);
  const socket = connect({ host: hostname, port: Number(port), localAddress });
  const tired = setTimeout(() => socket.destroy(), LONGEST);
  const upgrade =
    `GET /v1/connect HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: tutti.v1\r\n\r\n";
  socket.on("connect", () => {
    if (random.chance(0.5)) socket.write(upgrade);
    socket.write(Uint8Array.from({ length: 4000 }, () => random.integer(256)));
  });
  socket.on("error", () => undefined);
  socket.resume();
  socket.on("close", () => {
    clearTimeout(tired);
    ended("TCP closed");
  });
  return () => 1;
}

async function main(order: JunkOrder): Promise<void> {
  const random = new SeededRandom(order.seed);
  const endings: Record<string, number> = {};
  let [started, frames] = [0, 0];
  const lane = async (): Promise<void> => {
    while (started < order.connections) {
      started += 1;
      const own = random.fork(`connection ${started}`);
      // From many addresses, as a real flood comes.
      const localAddress = `127.0.2.${1 + (started % 250)}`;
      const junk = own.chance(0.8) ? junkOverWebSocket : junkOverTcp;
      let sent = (): number => 0;
      const how = await new Promise<string>((resolve) => {
        sent = junk(order, own, localAddress, resolve);
      });
      frames += sent();
      endings[how] = (endings[how] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: order.atOnce }, lane));
  const answer: JunkAnswer = { endings, frames };
  process.send?.(answer, () => process.exit());
}

process.once("disconnect", () => process.exit());
process.once("message", (order: JunkOrder) => void main(order));
