import type { TransportEvents } from "@tutti/client";
import type { Connection, ConnectionEvents, Frame } from "@tutti/protocol";
import { describe, expect, it } from "vitest";
import { type HostConditions, SeededRandom, type SimulatedHost, SimulatedNetwork, VirtualClock } from "../src/index.js";

interface Heard {
  readonly events: TransportEvents;
  readonly said: Frame[];
  readonly closes: [code: number, reason: string][];
  opened: string | undefined;
}

function ear(): Heard {
  const heard: Heard = {
    said: [],
    closes: [],
    opened: undefined,
    events: {
      frame: (frame) => heard.said.push(frame),
      closed: (code, reason) => heard.closes.push([code, reason]),
      opened: (subprotocol) => {
        heard.opened = subprotocol;
      },
    },
  };
  return heard;
}

class World {
  readonly clock = new VirtualClock(0);
  readonly network: SimulatedNetwork;
  readonly host: SimulatedHost;
  readonly client = ear();
  readonly server = ear();
  serverEnd: Connection | undefined;
  accept: () => ConnectionEvents | undefined = () => this.server.events;

  constructor(seed = 1, conditions: Partial<HostConditions> = {}) {
    this.network = new SimulatedNetwork(this.clock, new SeededRandom(seed));
    this.host = this.network.host("a", conditions);
    this.network.listen((connection) => {
      this.serverEnd = connection;
      return this.accept();
    });
  }

  async connected(): Promise<Connection> {
    const end = this.host.connect(this.client.events);
    await this.clock.runUntil(() => this.client.opened !== undefined, 10_000);
    return end;
  }
}

const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));
const isPrefix = (part: readonly Frame[], whole: readonly Frame[]): boolean =>
  part.every((frame, index) => frame === whole[index]);

describe("SimulatedNetwork", () => {
  it("delivers in order, within the latency of the direction", async () => {
    const world = new World(2, { up: { from: 10, to: 50 }, down: { from: 300, to: 300 } });
    const end = await world.connected();
    const started = world.clock.now();
    for (const text of numbers(100)) end.send(text);
    world.serverEnd?.send("reply");
    await world.clock.advance(9);
    expect(world.server.said).toEqual([]);
    await world.clock.advance(41);
    expect(world.server.said).toEqual(numbers(100));
    await world.clock.runUntil(() => world.client.said.length === 1, 1000);
    expect(world.clock.now() - started).toBe(300);
  });

  it("says `opened` before anything else, and not before the round trip", async () => {
    const world = new World(3, { up: { from: 20, to: 20 }, down: { from: 30, to: 30 } });
    const order: string[] = [];
    world.accept = () => {
      world.serverEnd?.send("welcome");
      return world.server.events;
    };
    world.host.connect({
      ...world.client.events,
      opened: () => order.push("opened"),
      frame: () => order.push("frame"),
    });
    await world.clock.advance(49);
    expect(order).toEqual([]);
    await world.clock.runUntilIdle();
    expect(order).toEqual(["opened", "frame"]);
  });

  it("closes both ends once, with code and reason", async () => {
    const world = new World(4, { up: { from: 5, to: 5 }, down: { from: 5, to: 5 } });
    const end = await world.connected();
    end.send("last");
    end.close(1000, "done");
    end.send("too late");
    world.serverEnd?.send("not heard any more");
    await world.clock.runUntilIdle();
    expect(world.server.said).toEqual(["last"]);
    expect(world.client.said).toEqual([]);
    expect([world.client.closes, world.server.closes]).toEqual([[[1000, "done"]], [[1000, "done"]]]);
    expect(world.host.links).toEqual([]);
  });

  it("loses the last frames of each direction when it is cut, and tells both ends 1006", async () => {
    const arrived = new Set<number>();
    for (let seed = 0; seed < 40; seed += 1) {
      const world = new World(seed, { up: { from: 1, to: 9 }, down: { from: 1, to: 9 } });
      const end = await world.connected();
      for (const text of numbers(5)) {
        end.send(text);
        world.serverEnd?.send(text);
      }
      world.host.cut();
      end.send("lost");
      await world.clock.runUntilIdle();
      expect([world.client.closes, world.server.closes]).toEqual([[[1006, ""]], [[1006, ""]]]);
      expect(isPrefix(world.server.said, numbers(5)) && isPrefix(world.client.said, numbers(5))).toBe(true);
      arrived.add(world.server.said.length - world.client.said.length);
    }
    expect(arrived.size).toBeGreaterThan(5);
  });

  it("holds everything back during a partition, closes too", async () => {
    const world = new World(5);
    const end = await world.connected();
    world.host.partition();
    end.send("held");
    const second = ear();
    world.host.connect(second.events);
    await world.clock.advance(60_000);
    expect([world.server.said, second.opened]).toEqual([[], undefined]);
    world.host.cut({ inTransit: "all", noticedAfter: { from: 0, to: 0 } });
    await world.clock.advance(60_000);
    expect(world.client.closes).toEqual([]);
    world.host.heal();
    await world.clock.runUntilIdle();
    expect([world.server.said, world.client.closes]).toEqual([["held"], [[1006, ""]]]);
  });

  it("gives up closing during a partition after a while", async () => {
    const world = new World(6);
    const end = await world.connected();
    world.host.partition();
    end.close(1000, "done");
    await world.clock.advance(31_000);
    expect([world.client.closes, world.server.closes]).toEqual([[[1006, ""]], []]);
  });

  it("refuses where nobody listens, or the acceptor does, or chance wants it", async () => {
    const world = new World(7);
    world.network.listen(undefined);
    world.host.connect(world.client.events);
    await world.clock.runUntilIdle();
    world.network.listen(() => undefined);
    world.host.connect(world.client.events);
    await world.clock.runUntilIdle();
    world.network.listen(() => world.server.events);
    world.host.conditions = { ...world.host.conditions, refusals: 1 };
    world.host.connect(world.client.events);
    await world.clock.runUntilIdle();
    expect(world.client.closes).toEqual([
      [1006, ""],
      [1006, ""],
      [1006, ""],
    ]);
    expect(world.client.opened).toBeUndefined();
  });

  it("lets a dead server neither hear nor speak", async () => {
    const world = new World(8, { up: { from: 5, to: 5 }, down: { from: 5, to: 5 } });
    const end = await world.connected();
    end.send("never heard");
    world.serverEnd?.send("already sent");
    world.network.killServer({ inTransit: "all", noticedAfter: { from: 0, to: 0 } });
    world.serverEnd?.send("after death");
    await world.clock.runUntilIdle();
    expect([world.server.said, world.server.closes]).toEqual([[], []]);
    expect([world.client.said, world.client.closes]).toEqual([["already sent"], [[1006, ""]]]);
  });

  it("delivers by hand while a wire is held", async () => {
    const world = new World(9);
    const end = await world.connected();
    const [link] = world.host.links;
    link?.up.hold();
    for (const text of numbers(3)) end.send(text);
    await world.clock.runUntilIdle();
    expect(world.server.said).toEqual([]);
    expect([link?.up.deliverNext(), link?.up.deliverNext()]).toEqual([true, true]);
    expect(world.server.said).toEqual(["0", "1"]);
    expect(end.bufferedBytes).toBe(1);
  });

  it("refuses to send before the connection is open", () => {
    const world = new World(10);
    const end = world.host.connect(world.client.events);
    expect(() => end.send("early")).toThrow();
  });
});
