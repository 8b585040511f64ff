import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { codecFor } from "@tutti/protocol";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { TuttiClient, type WebSocketConstructor } from "../src/index.js";
import { FakeServer } from "./fake-server.js";
import { outcomeOf } from "./world.js";

/** Real sockets: the edge that everything else is tested without. */
let listener: WebSocketServer;
let url: string;

beforeEach(async () => {
  listener = new WebSocketServer({ port: 0, host: "127.0.0.1", path: "/v1/connect" });
  await once(listener, "listening");
  url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
});

afterEach(async () => {
  vi.unstubAllGlobals();
  for (const socket of listener.clients) socket.terminate();
  await new Promise((resolve) => listener.close(resolve));
});

/** Answers every connection with what the fake server says. */
function serve(server: FakeServer): void {
  listener.on("connection", (socket) => {
    const codec = codecFor("tutti.v1");
    const end = server.transport.connect({
      opened: () => undefined,
      frame: (frame) => socket.send(frame),
      closed: () => socket.close(),
    });
    const { connection } = server;
    connection.open();
    socket.on("message", (data) => {
      end.send(new Uint8Array(data as Buffer));
      connection.pump();
    });
    expect(socket.protocol).toBe("tutti.v1");
    expect(codec).toBeDefined();
  });
}

it.each<[string, WebSocketConstructor | undefined]>([
  ["with a WebSocket that is passed", WebSocket as unknown as WebSocketConstructor],
  ["with that of the ws package, in a Node that has none", undefined],
])("opens, edits and saves over a real socket, %s", async (_name, Constructor) => {
  if (Constructor === undefined) vi.stubGlobal("WebSocket", undefined);
  const server = new FakeServer([{ insert: "over the wire" }]);
  serve(server);
  const client = new TuttiClient({ url, token: "ann", ...(Constructor && { WebSocket: Constructor }) });
  const doc = client.open("doc");
  await doc.ready;
  doc.insert(0, "😀 ");
  await doc.saved();
  expect(server.document.text()).toBe("😀 over the wire");
  const closed = once([...listener.clients][0] as WebSocket, "close");
  client.close();
  expect((await closed)[0]).toBe(1000);
});

it("tells that nobody answers, without an uncaught error", async () => {
  const client = new TuttiClient({ url: "http://127.0.0.1:1", token: "ann" });
  const doc = client.open("doc");
  await new Promise((resolve) => doc.on("status", resolve));
  expect(doc.status).toBe("Working offline");
  client.close();
  expect(await outcomeOf(doc.ready)).toMatchObject({ code: "unexpected_message" });
});

it("refuses an address that is none at once", () => {
  expect(() => new TuttiClient({ url: "nowhere", token: "ann" })).toThrow(
    expect.objectContaining({ name: "TuttiError", code: "invalid_request" }),
  );
});
