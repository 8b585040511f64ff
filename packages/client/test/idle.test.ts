import { describe, expect, it } from "vitest";
import { opened } from "./world.js";

const IDLE = 4004;
const HOUR = 3_600_000;

describe("C11: a connection that the server closed because nothing happened", () => {
  it("is no error, and nothing is tried again by itself", async () => {
    const { server, clock, doc, statuses, errors } = opened("a");
    server.connection.lose(IDLE);
    await clock.advance(HOUR);
    expect(server.connections).toHaveLength(1);
    expect([doc.status, doc.text(), statuses, errors]).toEqual(["Saved", "a", ["Saved"], []]);
  });

  it("is opened again, at once, by the next edit", async () => {
    const { server, clock, doc, statuses } = opened("a");
    server.connection.lose(IDLE);
    await clock.advance(HOUR);
    server.commit([{ insert: "b" }]);
    doc.insert(1, "!");
    expect(server.connections).toHaveLength(2);
    server.pump();
    expect([doc.text(), doc.status]).toEqual(["ba!", "Saved"]);
    expect(statuses).not.toContain("Working offline");
  });

  it("is opened again at once when something is still pending", () => {
    const { server, doc } = opened("a");
    doc.insert(1, "!");
    server.connection.lose(IDLE);
    expect(server.connections).toHaveLength(2);
    server.pump();
    expect(doc.status).toBe("Saved");
    expect(server.document.text()).toBe("a!");
  });

  it("is opened again by a cursor, and everybody's presence returns", async () => {
    const { server, clock, doc } = opened("abc");
    doc.presence.setCursor({ anchor: 1, head: 1 });
    server.pump();
    server.connection.lose(IDLE);
    await clock.advance(HOUR);
    doc.presence.setCursor({ anchor: 2, head: 2 });
    server.pump();
    await clock.advance(1000);
    server.pump();
    expect(server.connections).toHaveLength(2);
    expect(server.connection.received.filter((up) => up.type === "move").at(-1)).toMatchObject({
      cursor: { anchor: 2, head: 2, version: 0 },
    });
  });

  it("is opened again for another document, and when the person is back", async () => {
    const one = opened("a");
    one.server.connection.lose(IDLE);
    one.client.open("other");
    expect(one.server.connections).toHaveLength(2);
    const two = opened("a");
    two.server.connection.lose(IDLE);
    two.online();
    expect(two.server.connections).toHaveLength(2);
  });

  it("stays closed when the client is closed meanwhile", async () => {
    const { server, clock, client } = opened("a");
    server.connection.lose(IDLE);
    client.close();
    await clock.advance(HOUR);
    expect(server.connections).toHaveLength(1);
  });

  it("is lost like any other when the new attempt fails", async () => {
    const { server, clock, doc } = opened("a");
    server.connection.lose(IDLE);
    doc.insert(0, "!");
    server.connection.lose(1006);
    expect(doc.status).toBe("Working offline");
    await clock.advance(1000);
    server.pump();
    expect(doc.status).toBe("Saved");
  });
});

describe("C4: the server's wish to be left alone for a while", () => {
  it("holds even when the platform says that there is a network", async () => {
    const { server, clock, online } = opened("");
    const error = { code: "shutting_down", message: "back soon", retry: true, retryAfter: 9000 } as const;
    server.connection.send({ type: "failed", error });
    server.connection.deliverDown();
    server.connection.lose(1001);
    await clock.advance(8000);
    online();
    expect(server.connections).toHaveLength(1);
    await clock.advance(1000);
    expect(server.connections).toHaveLength(2);
  });
});
