import { floodWithJunk, pasteAsOneFrame, ServerApi } from "@tutti/bench";
import { TuttiClient } from "@tutti/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { ServerProcess } from "./server-process.js";

/** The small sisters of `npm run faults:flood`: what they must find does not depend on how fast this machine is. */
describe("a server that is flooded", { timeout: 120_000 }, () => {
  const server = new ServerProcess();
  beforeAll(() => server.start());
  afterAll(() => server.dispose());

  /** Somebody new writes something, and it is saved. */
  async function expectGoodService(): Promise<void> {
    const token = await server.signIn("Newcomer");
    const client = new TuttiClient({ url: server.url, token, WebSocket });
    const id = await server.createDocument(token, "plain");
    const handle = client.open(id);
    await handle.ready;
    handle.insert(0, "all is well");
    await handle.saved();
    expect(await server.text(token, id)).toBe("all is well");
    client.close();
  }

  it("refuses ten megabytes in one frame with a clear answer, and keeps nothing of it", async () => {
    const token = await server.signIn("Flood");
    const document = await server.createDocument(token, "plain");
    const { problems } = await pasteAsOneFrame({ server, api: new ServerApi(server.url), token, document }, 10_000_000);
    expect(problems).toEqual([]);
    await expectGoodService();
  });

  it("ends 200 connections that send junk, by itself, and serves on", async () => {
    const token = await server.signIn("Flood");
    const order = { url: server.url, token, connections: 200, atOnce: 50, seed: 1 };
    const { endings } = await floodWithJunk(order);
    const ended = Object.values(endings).reduce((sum, times) => sum + times, 0);
    expect(ended).toBe(200);
    expect(endings["closed with 4429"] ?? 0).toBeGreaterThan(20);
    await expectGoodService();
  });
});
