import { describe, expect, it } from "vitest";
import { CircuitBreaker } from "../../src/connection/circuit.js";
import { opened, type World } from "../world.js";

const MINUTE = 60_000;

/** Every attempt fails for so long. @returns how many there were */
async function fail({ clock, server }: World, milliseconds: number): Promise<number> {
  const before = server.connections.length;
  for (let passed = 0; passed < milliseconds; passed += 250) {
    await clock.advance(250);
    server.connection.lose();
  }
  return server.connections.length - before;
}

/** The connection is welcomed, and dies `age` milliseconds later. */
async function liveFor({ clock, server }: World, age: number): Promise<void> {
  server.pump();
  await clock.advance(age);
  server.pump();
  server.connection.lose();
}

/** A world in which five connections in a row died young. */
async function flapping(): Promise<World> {
  const world = opened("");
  for (let death = 0; death < 5; death += 1) {
    await liveFor(world, 100);
    await world.clock.advance(death < 4 ? 1000 : 0);
  }
  return world;
}

describe("C4: the circuit breaker", () => {
  it("opens when attempts keep failing: from then on there is one a minute", async () => {
    const world = opened("");
    world.server.connection.lose();
    await fail(world, 4 * MINUTE);
    expect(await fail(world, 10 * MINUTE)).toBe(10);
    expect(world.client.connection).toMatchObject({ state: "offline" });
  });

  it("opens when connections keep dying young, though each was welcomed", async () => {
    const world = await flapping();
    expect(world.server.connections).toHaveLength(5);
    await world.clock.advance(MINUTE - 1);
    expect(world.server.connections).toHaveLength(5);
    await world.clock.advance(1);
    expect(world.server.connections).toHaveLength(6);
    await liveFor(world, 100);
    await world.clock.advance(MINUTE - 1);
    expect(world.server.connections).toHaveLength(6);
  });

  it("does not mind connections that die now and then", async () => {
    const world = opened("");
    for (let death = 0; death < 20; death += 1) {
      await liveFor(world, 100);
      await world.clock.advance(1000);
      await liveFor(world, 15_000);
      await world.clock.advance(1000);
    }
    expect(world.server.connections).toHaveLength(41);
  });

  it("does not mind how soon a connection dies over which edits travelled", async () => {
    const world = opened("");
    for (let death = 0; death < 20; death += 1) {
      world.server.pump();
      world.doc.insert(0, "x");
      await liveFor(world, 100);
      await world.clock.advance(1000);
    }
    expect(world.server.connections).toHaveLength(21);
  });

  it("closes when a connection has grown old", async () => {
    const world = await flapping();
    await world.clock.advance(MINUTE);
    await liveFor(world, 10_000);
    await world.clock.advance(1000);
    expect(world.server.connections).toHaveLength(7);
  });

  it("lets one attempt through at once for whoever asks, but not each time", async () => {
    const world = await flapping();
    world.online("returned");
    expect(world.server.connections).toHaveLength(6);
    world.server.connection.lose();
    world.online("online");
    world.online("returned");
    expect(world.server.connections).toHaveLength(6);
    await world.clock.advance(5000);
    world.online("returned");
    expect(world.server.connections).toHaveLength(7);
  });

  it("never before the server allows", async () => {
    const world = await flapping();
    await world.clock.advance(MINUTE);
    world.server.connection.open();
    const error = { code: "overloaded", message: "later", retry: true, retryAfter: 3 * MINUTE } as const;
    world.server.connection.send({ type: "failed", error });
    world.server.connection.deliverDown();
    world.server.connection.lose(4003);
    await world.clock.advance(3 * MINUTE - 1);
    world.online();
    expect(world.server.connections).toHaveLength(6);
    await world.clock.advance(1);
    expect(world.server.connections).toHaveLength(7);
  });

  it("is one of closed, open and half-open", () => {
    const breaker = new CircuitBreaker();
    const kinds: string[] = [];
    const look = (act: () => void): void => {
      act();
      kinds.push(breaker.circuit.kind);
    };
    for (let failure = 0; failure < 8; failure += 1) look(() => breaker.lost(0));
    look(() => breaker.attempted());
    look(() => breaker.lost(0));
    look(() => breaker.attempted());
    look(() => breaker.welcomed(1));
    const closed = Array.from({ length: 7 }, () => "closed");
    expect(kinds).toEqual([...closed, "open", "half-open", "open", "half-open", "closed"]);
  });
});
