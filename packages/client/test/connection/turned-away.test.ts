import { describe, expect, it } from "vitest";
import { FakeServer } from "../fake-server.js";
import { clientOf, opened, type World, watch } from "../world.js";

const MINUTE = 60_000;

/** The server has no room now, and says when it will. */
function turnAway({ server }: Pick<World, "server">, retryAfter: number): void {
  const { connection } = server;
  connection.open();
  connection.send({ type: "failed", error: { code: "overloaded", message: "later", retry: true, retryAfter } });
  connection.deliverDown();
  connection.lose(4003, "overloaded");
}

function arriving() {
  const world = clientOf(new FakeServer(), { random: { next: () => 0.99 } });
  return { ...world, ...watch(world.client.open("doc")) };
}

/** Milliseconds until the next attempt starts. */
async function untilNext({ clock, server }: Pick<World, "clock" | "server">): Promise<number> {
  const [before, attempts] = [clock.now(), server.connections.length];
  expect(await clock.runUntil(() => server.connections.length > attempts, 5 * MINUTE)).toBe(true);
  return clock.now() - before;
}

describe("S10: turned away by a server that names a time", () => {
  it("comes exactly then: neither later, which would be somebody else's turn, nor sooner", async () => {
    const world = arriving();
    turnAway(world, 437);
    expect(await untilNext(world)).toBe(437);
    turnAway(world, 12_345);
    expect(await untilNext(world)).toBe(12_345);
    world.server.pump();
    expect(world.doc.status).toBe("Saved");
    expect(world.errors).toEqual([]);
  });

  it("comes exactly then however long the server was away before", async () => {
    const world = arriving();
    for (let failure = 0; failure < 4; failure += 1) {
      world.server.connection.lose();
      await untilNext(world);
    }
    turnAway(world, 437);
    expect(await untilNext(world)).toBe(437);
  });

  it("does not come sooner because somebody is back at the page, or the network is", async () => {
    const world = arriving();
    turnAway(world, 5000);
    world.online("online");
    world.online("returned");
    expect(await untilNext(world)).toBe(5000);
  });

  it("asks once a minute when it is turned away again and again", async () => {
    const world = arriving();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 10; attempt += 1) {
      turnAway(world, 10);
      waits.push(await untilNext(world));
    }
    expect(waits.slice(0, 7)).toEqual(Array.from({ length: 7 }, () => 10));
    expect(Math.min(...waits.slice(7))).toBeGreaterThan(MINUTE / 2);
  });

  it("takes a time of no milliseconds for none", async () => {
    const world = arriving();
    turnAway(world, 0);
    expect(await untilNext(world)).toBeGreaterThan(1000);
  });

  it("spreads out by itself when it was in already: then the time is a wish, and no turn", async () => {
    const world = opened();
    turnAway(world, 10);
    expect(await untilNext(world)).toBe(1000);
  });
});

describe("S10: a server that is away for a while", () => {
  /** Loses the connection `failures` times before it opened, and says over which ways was tried. */
  async function outage(failures: number, before: (world: ReturnType<typeof twoWays>) => void) {
    const world = twoWays();
    before(world);
    for (let failure = 0; failure < failures; failure += 1) {
      await untilNext(world);
      world.server.connection.lose();
    }
    return world.ways().slice(-failures);
  }

  function twoWays() {
    const server = new FakeServer();
    const world = clientOf(server, { fallback: server.fallback });
    world.client.open("doc");
    const ways = () => server.connections.map(({ subprotocol }) => (subprotocol === "tutti.v1" ? "ws" : "http"));
    return { ...world, ways };
  }

  it("is not taken for a network that blocks WebSockets, where one was open before", async () => {
    const welcomed = (world: ReturnType<typeof twoWays>): void => {
      world.server.pump();
      world.server.connection.lose();
    };
    expect(await outage(6, welcomed)).toEqual(["ws", "ws", "ws", "ws", "http", "ws"]);
  });

  it("is, on another network", async () => {
    const moved = (world: ReturnType<typeof twoWays>): void => {
      world.server.pump();
      world.server.connection.lose();
      world.online("online");
      world.server.connection.lose();
    };
    expect(await outage(3, moved)).toEqual(["ws", "http", "ws"]);
  });
});
