import { afterEach, describe, expect, it, vi } from "vitest";
import { systemOnline } from "../../src/environment.js";
import { HEARTBEAT } from "../fake-server.js";
import { opened, unopened, type World } from "../world.js";

const HOUR = 3_600_000;
const pings = ({ server }: World): number => server.connection.received.filter((up) => up.type === "ping").length;

describe("what the platform says of its network", () => {
  it("offline: the connection is lost as soon as the server does not answer one question", async () => {
    const { clock, online, doc, server } = opened("");
    online("offline");
    await clock.advance(1999);
    expect(doc.status).toBe("Saved");
    await clock.advance(1);
    expect(doc.status).toBe("Working offline");
    expect(server.connection.closedByClient).toMatchObject({ code: 4001 });
  });

  it("offline: is not believed where the server answers", async () => {
    const world = opened("");
    world.online("offline");
    world.server.pump();
    await world.clock.advance(3000);
    expect([world.doc.status, world.server.connections.length, pings(world)]).toEqual(["Saved", 1, 1]);
  });

  it("offline: asks only once, however often it is said", async () => {
    const world = opened("");
    for (let time = 0; time < 5; time += 1) world.online("offline");
    world.server.pump();
    expect(pings(world)).toBe(1);
  });

  it("offline: while the link waits, it goes on trying, because browsers lie", async () => {
    const { clock, online, server } = opened("");
    server.connection.lose();
    online("offline");
    expect(server.connections).toHaveLength(1);
    await clock.advance(1000);
    expect(server.connections).toHaveLength(2);
  });

  it("online, or the person is back: tries at once where there is no connection, asks where there is one", async () => {
    for (const event of ["online", "returned"] as const) {
      const world = opened("");
      world.online(event);
      await world.clock.advance(5000);
      expect(world.doc.status).toBe("Working offline");
      world.online(event);
      world.server.pump();
      expect([world.doc.status, world.server.connections.length]).toEqual(["Saved", 2]);
    }
  });

  it("a question waits for what is still on its way up", async () => {
    const world = opened("");
    Object.defineProperty(world.server.connection.client, "bufferedBytes", { value: 1_000_000 });
    world.online("returned");
    await world.clock.advance(6000);
    expect(world.doc.status).toBe("Saved");
  });
});

describe("a machine that slept", () => {
  function sleeper() {
    let slept = 0;
    const world = unopened([], undefined, undefined, { slept: () => slept });
    world.server.pump();
    return {
      ...world,
      sleep: (milliseconds: number) => {
        slept += milliseconds;
      },
    };
  }

  it("asks as soon as a timer comes much too late, and gives up soon", async () => {
    const world = sleeper();
    await world.clock.advance(HEARTBEAT / 2);
    world.sleep(HOUR);
    await world.clock.advance(HEARTBEAT / 2 + 4999);
    expect(world.doc.status).toBe("Saved");
    await world.clock.advance(1);
    expect(world.doc.status).toBe("Working offline");
    await world.clock.advance(1000);
    world.server.pump();
    expect(world.doc.status).toBe("Saved");
  });

  it("goes on with a connection that survived", async () => {
    const world = sleeper();
    world.sleep(HOUR);
    for (let beat = 0; beat < 5; beat += 1) {
      await world.clock.advance(HEARTBEAT);
      world.server.pump();
    }
    expect([world.doc.status, world.server.connections.length]).toEqual(["Saved", 1]);
  });

  it("asks when something comes, where a browser holds its timers back", async () => {
    const world = sleeper();
    const asked = pings(world);
    world.sleep(HEARTBEAT + 1);
    world.server.commit([{ insert: "from somebody else" }]);
    world.server.pump();
    expect(pings(world)).toBe(asked + 1);
    world.server.commit([{ insert: "more " }]);
    world.server.pump();
    expect(pings(world)).toBe(asked + 1);
  });

  it("is not confused by a clock that is set back", async () => {
    const world = sleeper();
    world.sleep(-HOUR);
    await world.clock.advance(3 * HEARTBEAT);
    expect(world.doc.status).toBe("Working offline");
  });
});

describe("a browser", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("is listened to, window and document, until nobody cares any more", () => {
    const window = new EventTarget();
    const document = Object.assign(new EventTarget(), { visibilityState: "hidden" });
    vi.stubGlobal("addEventListener", window.addEventListener.bind(window));
    vi.stubGlobal("removeEventListener", window.removeEventListener.bind(window));
    vi.stubGlobal("document", document);
    const heard: unknown[] = [];
    const stop = systemOnline((event) => heard.push(event));
    const happen = (): void => {
      for (const event of ["offline", "online", "focus", "pageshow"]) window.dispatchEvent(new Event(event));
      document.dispatchEvent(new Event("visibilitychange"));
    };
    happen();
    expect(heard).toEqual(["offline", "online", "returned", "returned"]);
    document.visibilityState = "visible";
    document.dispatchEvent(new Event("visibilitychange"));
    expect(heard).toHaveLength(5);
    stop();
    happen();
    expect(heard).toHaveLength(5);
  });

  it("is not there in Node, and that is all right", () => {
    expect(() => systemOnline(() => undefined)()).not.toThrow();
  });
});
