import { describe, expect, it } from "vitest";
import { FakeServer } from "./fake-server.js";
import { clientOf, DOCUMENT, outcomeOf } from "./world.js";

/** A client as applications make it: nothing is said about the pause between two operations. */
function typist() {
  const server = new FakeServer();
  const { client, clock } = clientOf(server, { sendInterval: 50 });
  const doc = client.open(DOCUMENT);
  server.pump();
  return { server, clock, doc };
}

describe("keystrokes are batched (E11)", () => {
  it("a single one after a pause goes at once", async () => {
    const { server, clock, doc } = typist();
    doc.insert(0, "a");
    server.pump();
    await clock.advance(50);
    doc.insert(1, "b");
    server.connection.deliverUp();
    expect(server.submits).toHaveLength(2);
  });

  it("those within 50 ms of the one before are one operation, though that was acknowledged long ago", async () => {
    const { server, clock, doc } = typist();
    for (const letter of "abcd") {
      doc.insert(doc.length, letter);
      server.pump();
      await clock.advance(10);
    }
    expect(server.submits.map((submit) => submit.operation)).toEqual([[{ insert: "a" }]]);
    await clock.advance(9);
    server.pump();
    expect(server.submits).toHaveLength(1);
    await clock.advance(1);
    server.pump();
    expect(server.submits.map((submit) => submit.operation)).toEqual([
      [{ insert: "a" }],
      [{ retain: 1 }, { insert: "bcd", continues: true }],
    ]);
    expect(doc.status).toBe("Saved");
  });

  it("saved() and close() do not wait for company", async () => {
    const { server, doc } = typist();
    doc.insert(0, "a");
    server.pump();
    doc.insert(1, "b");
    const saved = doc.saved();
    server.pump();
    expect(await outcomeOf(saved)).toBe("fulfilled");
    doc.insert(2, "c");
    server.pump();
    expect(server.document.text()).toBe("ab");
    doc.close();
    server.pump();
    expect(server.document.text()).toBe("abc");
  });

  it("saved() hurries what was typed before it, and nothing else", async () => {
    const { server, doc } = typist();
    doc.insert(0, "a");
    server.pump();
    doc.insert(1, "b");
    void doc.saved();
    server.connection.deliverUp();
    doc.insert(2, "c");
    server.pump();
    expect(server.document.text()).toBe("ab");
  });

  it("above 100 unsaved edits the pause is longer, and the status says so (C10)", async () => {
    const { server, clock, doc } = typist();
    doc.insert(0, "a");
    server.connection.deliverUp();
    for (let count = 1; count <= 101; count += 1) doc.insert(count, "b");
    expect(doc.status).toBe("Syncing…");
    await clock.advance(100);
    // The answer to the first one comes late: 101 are left.
    server.pump();
    await clock.advance(149);
    server.pump();
    expect(server.submits).toHaveLength(1);
    await clock.advance(1);
    server.pump();
    expect([server.submits.length, doc.status, server.document.length]).toEqual([2, "Saved", 102]);
  });

  it("the server's own pace counts where it is slower", async () => {
    const { server, clock, doc } = typist();
    server.connection.send({ type: "pong", pace: 400 });
    server.pump();
    doc.insert(0, "a");
    server.pump();
    doc.insert(1, "b");
    const saved = doc.saved();
    await clock.advance(399);
    server.pump();
    expect(await outcomeOf(saved)).toBe("pending");
    await clock.advance(1);
    server.pump();
    expect(await outcomeOf(saved)).toBe("fulfilled");
  });
});
