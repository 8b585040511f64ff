import { codecFor } from "@tutti/protocol";
import { describe, expect, it } from "vitest";
import { FakeServer, HEARTBEAT } from "./fake-server.js";
import { clientOf, opened, outcomeOf, unopened, watch } from "./world.js";

describe("reconnecting (C4)", () => {
  it("waits 1, 2, 4 … 60 seconds, and starts again at 1 after a success", async () => {
    const { server, clock } = opened("");
    server.connection.lose();
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
      const before = server.connections.length;
      await clock.advance(seconds * 1000 - 1);
      expect(server.connections).toHaveLength(before);
      await clock.advance(1);
      expect(server.connections).toHaveLength(before + 1);
      server.connection.lose();
    }
    await clock.advance(60_000);
    server.pump();
    server.connection.lose();
    await clock.advance(1000);
    expect(server.connections).toHaveLength(11);
  });

  it("waits at least as long as the server asks for", async () => {
    const { server, clock, errors } = opened("");
    const error = { code: "shutting_down", message: "back soon", retry: true, retryAfter: 9000 } as const;
    server.connection.send({ type: "failed", error });
    server.connection.deliverDown();
    server.connection.lose(1001);
    await clock.advance(8999);
    expect(server.connections).toHaveLength(1);
    await clock.advance(1);
    expect(server.connections).toHaveLength(2);
    expect(errors).toEqual([]);
  });

  it("tries at once when the platform says that there is a network", async () => {
    const { server, clock, online } = opened("");
    online();
    server.connection.lose();
    expect(server.connections).toHaveLength(1);
    online();
    expect(server.connections).toHaveLength(2);
    online();
    server.pump();
    await clock.advance(1000);
    expect(server.connections).toHaveLength(2);
  });

  it("after that waits a short time again", async () => {
    const { server, clock, online, client } = opened("");
    for (const pause of [1000, 2000, 4000]) {
      server.connection.lose();
      await clock.advance(pause);
    }
    server.connection.lose();
    online();
    expect(server.connections).toHaveLength(5);
    server.connection.lose();
    await clock.advance(1000);
    expect(server.connections).toHaveLength(6);
    client.close();
    expect(online()).toBe(0);
  });

  it("tells why the server hung up, where it complained", () => {
    const { server, errors } = opened("");
    const error = { code: "frame_too_large", message: "too large", retry: false } as const;
    server.connection.send({ type: "failed", error });
    server.connection.deliverDown();
    expect(errors).toEqual([]);
    server.connection.lose(1009);
    expect(errors).toMatchObject([error]);
  });

  it("gives up an attempt that nobody answers", async () => {
    const { server, clock } = unopened();
    await clock.advance(15_000);
    expect(server.connection.closedByClient).toMatchObject({ code: 4001 });
    await clock.advance(1000);
    server.connection.open();
    server.intercept = (_connection, message) => message.type === "hello";
    server.pump();
    await clock.advance(15_000);
    expect(server.connection.closedByClient).toMatchObject({ code: 4001 });
    expect(server.connections).toHaveLength(2);
  });

  it("stops for good when the server says that trying again is pointless", async () => {
    const { server, clock, doc, errors, online, client } = opened("");
    doc.insert(0, "a");
    const saved = doc.saved();
    const error = { code: "too_many_errors", message: "go away", retry: false } as const;
    server.connection.send({ type: "failed", error });
    server.connection.deliverDown();
    server.connection.lose(4429, "bye");
    online();
    client.setToken("another");
    await clock.advance(600_000);
    expect(server.connections).toHaveLength(1);
    expect(errors).toMatchObject([error]);
    expect([doc.status, doc.text()]).toEqual(["Working offline", "a"]);
    expect(await outcomeOf(saved)).toMatchObject({ code: "too_many_errors" });
    expect(client.connection).toMatchObject({ state: "stopped", error });
  });

  it.each([
    [4401, "unauthenticated"],
    [4406, "invalid_request"],
    [4429, "too_many_errors"],
  ])("close code %i before anything was opened rejects `ready` with %s", async (code, expected) => {
    const { server, doc, client } = unopened();
    server.connection.open();
    server.connection.lose(code, "");
    expect(await outcomeOf(doc.ready)).toMatchObject({ code: expected });
    expect(await outcomeOf(client.open("another").ready)).toMatchObject({ code: expected });
  });

  it("stops when there is no common subprotocol", async () => {
    const { server, doc } = unopened();
    server.connection.open("chat");
    expect(await outcomeOf(doc.ready)).toMatchObject({ code: "invalid_request" });
    expect(server.connection.closedByClient).toBeDefined();
  });

  it("tries again when the platform refuses to connect, and tells", async () => {
    const { client, clock, server } = clientOf(new FakeServer());
    const connect = server.transport.connect;
    server.transport.connect = () => {
      throw new Error("insecure");
    };
    const { doc, errors } = watch(client.open("doc"));
    await clock.advance(1000);
    expect(errors).toMatchObject([{ code: "invalid_request", message: "cannot connect: insecure" }]);
    server.transport.connect = connect;
    await clock.advance(2000);
    server.pump();
    expect(doc.status).toBe("Saved");
  });

  it("starts over after a frame that is no message, and tells", async () => {
    const { server, clock, errors, doc } = opened("a");
    server.connection.sendFrame(new Uint8Array([0xc1]));
    server.connection.deliverDown();
    expect(server.connection.closedByClient).toBeDefined();
    expect(errors).toMatchObject([{ code: "malformed_frame" }]);
    await clock.advance(1000);
    server.pump();
    expect(doc.status).toBe("Saved");
  });

  it("ignores what still comes of a connection that it has given up", () => {
    const { server, doc } = opened("a");
    const { connection } = server;
    connection.sendFrame(new Uint8Array([0xc1]));
    connection.deliverDown();
    connection.gone = false;
    connection.sendFrame(codecFor("tutti.v1").encode({ type: "pong" }));
    connection.deliverDown();
    connection.lose(4401);
    expect(doc.status).toBe("Working offline");
  });
});

describe("the token", () => {
  it("is asked for anew at every connection", async () => {
    let asked = 0;
    const { server, clock } = unopened([], undefined, async () => {
      asked += 1;
      return `token ${asked}`;
    });
    await clock.settle();
    server.pump();
    server.connection.lose();
    await clock.advance(1000);
    server.pump();
    const hellos = server.connections.map((connection) => connection.received[0]);
    expect(hellos).toMatchObject([{ token: "token 1" }, { token: "token 2" }]);
  });

  it("that cannot be had is tried again later, and told", async () => {
    let failures = 2;
    const { server, clock, errors, doc } = unopened([], undefined, async () => {
      if (failures === 0) return "token";
      failures -= 1;
      throw new Error("sign-in is down");
    });
    await clock.settle();
    expect(errors).toMatchObject([{ code: "unauthenticated", retry: true }]);
    expect(errors[0]?.message).toContain("sign-in is down");
    expect(doc.status).toBe("Working offline");
    await clock.advance(1000 + 2000);
    server.pump();
    expect(server.connections).toHaveLength(1);
    expect(doc.status).toBe("Saved");
  });

  it("that comes after the client was closed is not used", async () => {
    let give: (token: string) => void = () => undefined;
    const { server, clock, client } = unopened([], undefined, () => new Promise((resolve) => (give = resolve)));
    client.close();
    give("late");
    await clock.settle();
    expect(server.connections).toHaveLength(0);
  });
});

describe("the heartbeat", () => {
  it("asks at the interval that the server names", async () => {
    const { server, clock } = opened("");
    for (let beat = 0; beat < 5; beat += 1) {
      await clock.advance(HEARTBEAT);
      server.pump();
    }
    expect(server.connection.received.filter((up) => up.type === "ping")).toHaveLength(5);
    expect(server.connections).toHaveLength(1);
  });

  it("gives up a connection that is silent, and reconnects", async () => {
    const { server, clock, doc } = opened("");
    await clock.advance(3 * HEARTBEAT);
    expect(server.connection.closedByClient).toMatchObject({ code: 4001 });
    expect(doc.status).toBe("Working offline");
    await clock.advance(1000);
    server.pump();
    expect(doc.status).toBe("Saved");
  });
});

describe("one connection", () => {
  it("carries all documents", () => {
    const { server, client } = opened("");
    const other = client.open("other");
    server.pump();
    expect(server.connections).toHaveLength(1);
    expect(server.connection.received.filter((up) => up.type === "open").map((up) => up.document)).toEqual([
      "doc",
      "other",
    ]);
    expect(other.status).toBe("Saved");
  });

  it("refuses ids that no document can have", () => {
    const { client } = opened("");
    for (const id of ["", "x".repeat(65)]) {
      expect(() => client.open(id)).toThrow(expect.objectContaining({ code: "invalid_request" }));
    }
  });
});
