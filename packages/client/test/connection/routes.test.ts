import { describe, expect, it } from "vitest";
import { FakeServer } from "../fake-server.js";
import { clientOf, watch } from "../world.js";

const MINUTE = 60_000;

/** A client with two ways to its server, of which nothing has been opened yet. */
function twoWays(content = "") {
  const server = new FakeServer(content === "" ? [] : [{ insert: content }]);
  const world = clientOf(server, { fallback: server.fallback });
  const { doc, statuses, errors } = watch(world.client.open("doc"));
  const ways = () => server.connections.map(({ subprotocol }) => (subprotocol === "tutti.v1" ? "ws" : "http"));
  return { ...world, doc, statuses, errors, ways };
}

/** Two WebSockets could not be opened; messages are polled now. */
async function polling(content = "") {
  const world = twoWays(content);
  world.server.connection.lose();
  await world.clock.advance(1000);
  world.server.connection.lose();
  await world.clock.advance(2000);
  world.server.pump();
  return world;
}

/** Lets time pass in which messages are polled, and WebSockets hang or fail. */
async function poll(
  { clock, server }: Pick<ReturnType<typeof twoWays>, "clock" | "server">,
  milliseconds: number,
  fail = true,
): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 1000) {
    await clock.advance(Math.min(1000, milliseconds - passed));
    for (const connection of server.connections) {
      if (connection.subprotocol === "tutti.v1+json" && !connection.gone) connection.pump();
      else if (fail) connection.lose();
    }
  }
}

/** Messages are polled, and a WebSocket is being tried. */
async function trying(content = "") {
  const world = await polling(content);
  await poll(world, MINUTE - 2000, false);
  expect(world.ways()).toEqual(["ws", "ws", "http", "ws"]);
  return world;
}

/** Until the client has connected once more. */
async function next({ clock, server }: ReturnType<typeof twoWays>): Promise<void> {
  const before = server.connections.length;
  server.connection.lose();
  expect(await clock.runUntil(() => server.connections.length > before, 2 * MINUTE)).toBe(true);
}

describe("C13: the way to the server", () => {
  it("is polling when two WebSockets in a row did not even open", async () => {
    const world = twoWays();
    expect(world.client.transport).toBe("websocket");
    world.server.connection.lose();
    await world.clock.advance(1000);
    world.server.connection.lose();
    expect(world.client.connection).toMatchObject({ state: "offline", transport: "polling" });
    await world.clock.advance(2000);
    world.server.pump();
    expect([world.ways(), world.doc.status]).toEqual([["ws", "ws", "http"], "Saved"]);
    expect(world.client.connection).toMatchObject({ state: "connected", transport: "polling" });
  });

  it("stays a WebSocket where they open, however they end", async () => {
    const world = twoWays();
    for (let loss = 0; loss < 4; loss += 1) {
      world.server.connection.open();
      await next(world);
    }
    expect(world.ways()).toEqual(["ws", "ws", "ws", "ws", "ws"]);
  });

  it("without another one stays a WebSocket", async () => {
    const server = new FakeServer();
    const { client, clock } = clientOf(server);
    client.open("doc");
    for (let loss = 0; loss < 4; loss += 1) {
      server.connection.lose();
      await clock.advance(MINUTE);
    }
    expect(client.transport).toBe("websocket");
  });

  it("where neither works, takes turns", async () => {
    const world = twoWays();
    for (let loss = 0; loss < 6; loss += 1) await next(world);
    expect(world.ways()).toEqual(["ws", "ws", "http", "ws", "http", "ws", "http"]);
  });

  it("while messages are polled, is tried as a WebSocket every minute, and polling goes on", async () => {
    const world = await polling();
    await poll(world, 3 * MINUTE + 10_000);
    expect(world.ways().filter((way) => way === "ws")).toHaveLength(2 + 3);
    expect(world.ways().filter((way) => way === "http")).toHaveLength(1);
    world.doc.insert(0, "still here");
    await poll(world, 1000);
    expect(world.server.document.text()).toBe("still here");
    expect(world.statuses.at(-1)).toBe("Saved");
    expect(world.errors).toEqual([]);
  });

  it("asks for no token of its own when it is tried beside polling", async () => {
    let asked = 0;
    const server = new FakeServer();
    const token = async (): Promise<string> => {
      asked += 1;
      return `token ${asked}`;
    };
    const world = clientOf(server, { fallback: server.fallback, token });
    world.client.open("doc");
    await world.clock.settle();
    server.connection.lose();
    await world.clock.advance(1000);
    server.connection.lose();
    await world.clock.advance(2000);
    server.pump();
    const before = asked;
    await poll(world, 10 * MINUTE);
    expect(server.connections.length).toBeGreaterThan(10);
    expect(asked).toBe(before);
    await poll(world, MINUTE - 1000, false);
    server.pump();
    expect(world.client.transport).toBe("websocket");
    expect(server.connection.received[0]).toEqual({ type: "hello", token: `token ${before}` });
  });

  it("changes to a WebSocket when one is welcome, and not before; what is pending goes there", async () => {
    const world = await trying("a");
    const [, , old] = world.server.connections;
    const { connection } = world.server;
    world.statuses.length = 0;
    connection.open();
    expect(old?.gone).toBe(false);
    world.doc.insert(1, "!");
    connection.deliverUp();
    expect(old?.gone).toBe(false);
    connection.deliverDown();
    expect(old?.closedByClient).toMatchObject({ code: 1000 });
    expect(world.client.transport).toBe("websocket");
    world.server.pump();
    expect([world.server.document.text(), world.doc.status]).toEqual(["a!", "Saved"]);
    expect(world.statuses).not.toContain("Working offline");
    await next(world);
    expect(world.ways().at(-1)).toBe("ws");
  });

  it("changes without harm to a document that is being closed", async () => {
    const world = await trying("a");
    world.server.connection.open();
    world.doc.insert(1, "!");
    const saved = world.doc.saved();
    world.doc.close();
    world.server.connection.pump();
    world.server.pump();
    await saved;
    expect(world.server.document.text()).toBe("a!");
  });

  it("after a loss is polling again, with a WebSocket tried beside it at once", async () => {
    const world = await polling();
    world.server.connection.lose();
    await world.clock.advance(1000);
    expect(world.ways()).toEqual(["ws", "ws", "http", "http"]);
    world.server.pump();
    await world.clock.advance(0);
    expect(world.ways()).toEqual(["ws", "ws", "http", "http", "ws"]);
    world.server.pump();
    expect([world.client.transport, world.doc.status]).toEqual(["websocket", "Saved"]);
  });

  it("is looked for anew when the network is another one", async () => {
    const world = await polling();
    world.online("online");
    await world.clock.advance(0);
    expect(world.ways()).toEqual(["ws", "ws", "http", "ws"]);
  });

  it("is left with everything on it when the client closes", async () => {
    const world = await trying();
    world.client.close();
    expect(world.server.connections.filter(({ gone }) => !gone)).toEqual([]);
    await world.clock.advance(10 * MINUTE);
    expect(world.ways()).toHaveLength(4);
  });
});

describe("client.connection", () => {
  it("tells every change of the connection, with the time of the next attempt", async () => {
    const world = clientOf(new FakeServer());
    const { client, server, clock, connections } = world;
    expect(client.connection).toEqual({
      state: "resting",
      transport: "websocket",
      retryAt: undefined,
      error: undefined,
    });
    client.open("doc");
    server.pump();
    server.connection.lose();
    const lost = clock.now();
    await clock.advance(1000);
    server.pump();
    server.connection.lose(4004);
    expect(connections.map(({ state }) => state)).toEqual([
      "connecting",
      "connected",
      "offline",
      "connecting",
      "connected",
      "resting",
    ]);
    expect(connections[2]?.retryAt).toBe(lost + 1000);
    client.close();
    expect(client.connection.state).toBe("stopped");
  });
});
