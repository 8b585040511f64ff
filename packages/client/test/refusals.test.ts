import type { ErrorCode } from "@tutti/protocol";
import { describe, expect, it } from "vitest";
import { DOCUMENT, opened, outcomeOf, unopened, type World } from "./world.js";

/** The server refuses the next submits. */
function refuse({ server }: World, code: ErrorCode, retry: boolean, times = 1, retryAfter?: number): void {
  let left = times;
  server.intercept = (connection, message) => {
    if (message.type !== "submit" || left === 0) return false;
    left -= 1;
    const error = { code, message: "no", retry, retryAfter };
    connection.send({ type: "rejected", document: DOCUMENT, sequence: message.sequence, error });
    return true;
  };
}

describe("an operation that was rejected", () => {
  it.each(["sequence_gap", "operation_malformed"] as const)(
    "for ever (%s), when nothing is left of it anyway, is given up without a question: the person types on",
    async (code) => {
      const world = opened("ab");
      const { server, doc, clock } = world;
      server.intercept = (_, message) => message.type === "submit";
      doc.delete(0, 1);
      const nothingLeft = doc.saved();
      server.pump();
      server.commit([{ delete: 1 }]);
      server.pump();
      const error = { code, message: "no", retry: false };
      server.connection.send({ type: "rejected", document: DOCUMENT, sequence: 1, error });
      server.intercept = () => false;
      await clock.advance(1000);
      server.pump();
      expect(doc.conflict).toBeUndefined();
      doc.insert(1, "c");
      const saved = doc.saved();
      await clock.advance(1000);
      server.pump();
      expect(await outcomeOf(nothingLeft)).toBe("fulfilled");
      expect(await outcomeOf(saved)).toBe("fulfilled");
      expect(server.document.text()).toBe("bc");
      expect(doc.status).toBe("Saved");
    },
  );

  it("is sent again, the same one, after the time that the server asks for", async () => {
    const world = opened("");
    const { server, doc, clock } = world;
    refuse(world, "overloaded", true, 1, 300);
    doc.insert(0, "a");
    const saved = doc.saved();
    server.pump();
    doc.insert(1, "b");
    server.commit([{ insert: "X" }]);
    await clock.advance(299);
    server.pump();
    expect(server.submits).toHaveLength(1);
    expect(doc.status).toBe("Saving…");
    await clock.advance(1);
    server.pump();
    expect(server.submits).toMatchObject([{ sequence: 1, version: 0 }, { sequence: 1, version: 1 }, { sequence: 2 }]);
    expect(doc.text()).toBe(server.document.text());
    expect(await outcomeOf(saved)).toBe("fulfilled");
  });

  it("is sent again with growing pauses where the server names none", async () => {
    const world = opened("");
    const { server, doc, clock } = world;
    refuse(world, "internal", true, 3);
    doc.insert(0, "a");
    server.pump();
    for (const pause of [1000, 2000, 4000]) {
      const before = server.submits.length;
      await clock.advance(pause - 1);
      server.pump();
      expect(server.submits).toHaveLength(before);
      await clock.advance(1);
      server.pump();
      expect(server.submits).toHaveLength(before + 1);
    }
    expect(server.document.text()).toBe("a");
  });

  it("while storage fails says so, until the server has stored something of anybody's", async () => {
    const world = opened("");
    const { server, doc } = world;
    refuse(world, "storage_unavailable", true, 1, 60_000);
    doc.insert(0, "a");
    server.pump();
    expect(doc.status).toBe("Changes may not be saved");
    server.commit([{ insert: "X" }]);
    server.pump();
    expect(doc.status).toBe("Saving…");
  });

  it("while storage fails says so, until something is saved again", async () => {
    const world = opened("");
    const { server, doc, clock, statuses } = world;
    refuse(world, "storage_unavailable", true, 2, 1000);
    doc.insert(0, "a");
    server.pump();
    expect(doc.status).toBe("Changes may not be saved");
    await clock.advance(1000);
    server.pump();
    expect(doc.status).toBe("Changes may not be saved");
    await clock.advance(1000);
    server.pump();
    expect(statuses).toEqual(["Saved", "Saving…", "Changes may not be saved", "Saved"]);
  });

  it("is not sent again when a commit says that it was saved after all", async () => {
    const world = opened("");
    const { server, doc, clock } = world;
    refuse(world, "storage_unavailable", true, 1, 1000);
    doc.insert(0, "a");
    server.pump();
    server.commit([{ insert: "a" }], clientOf(world), 1);
    server.pump();
    doc.insert(1, "b");
    server.connection.deliverUp();
    await clock.advance(5000);
    server.pump();
    expect(server.submits.map((submit) => submit.sequence)).toEqual([1, 2]);
    expect([doc.text(), doc.status]).toEqual(["ab", "Saved"]);
  });

  it("waits a short time again, after something was saved", async () => {
    const world = opened("");
    const { server, doc, clock } = world;
    for (let round = 1; round <= 3; round += 1) {
      refuse(world, "internal", true);
      doc.insert(0, "a");
      server.pump();
      await clock.advance(1000);
      server.pump();
      expect(server.version).toBe(round);
    }
  });

  it("is asked about anew on a new connection, without the pause", async () => {
    const world = opened("");
    const { server, doc, clock } = world;
    refuse(world, "overloaded", true, 1, 60_000);
    doc.insert(0, "a");
    server.pump();
    server.connection.lose();
    await clock.advance(1000);
    server.pump();
    expect(server.document.text()).toBe("a");
    await clock.advance(120_000);
    server.pump();
    expect(server.submits).toHaveLength(2);
  });

  it("for good is a conflict: the text stays, editing goes on here, nothing more is sent (invariant 4)", async () => {
    const world = opened("abc");
    const { server, doc, errors, clock } = world;
    refuse(world, "document_too_large", false);
    doc.insert(3, "1");
    const saved = doc.saved();
    server.pump();
    expect([doc.text(), doc.status]).toEqual(["abc1", "Conflict"]);
    expect(errors).toMatchObject([{ code: "document_too_large", retry: false }]);
    expect(await outcomeOf(saved)).toMatchObject({ code: "document_too_large" });
    doc.insert(4, "2");
    expect(await outcomeOf(doc.saved())).toMatchObject({ code: "document_too_large" });
    server.commit([{ insert: "X" }]);
    server.pump();
    expect(doc.text()).toBe("Xabc12");
    server.connection.lose();
    expect(doc.status).toBe("Conflict");
    await clock.advance(1000);
    server.commit([{ insert: "Y" }]);
    server.pump();
    expect([doc.text(), doc.status]).toEqual(["YXabc12", "Conflict"]);
    expect(server.submits).toHaveLength(1);
  });

  it("because it is forbidden is a conflict, and after it the document can only be read", () => {
    const world = opened("abc");
    refuse(world, "forbidden", false);
    world.doc.insert(0, "x");
    world.server.pump();
    expect([world.doc.text(), world.doc.status, world.doc.conflict?.reason]).toEqual(["xabc", "Conflict", "revoked"]);
    world.doc.conflict?.discard();
    expect([world.doc.text(), world.doc.status, world.doc.writable]).toEqual(["abc", "Read-only mode", false]);
  });

  it("is taken as nothing when it is about something else", () => {
    const { server, doc } = opened("");
    doc.insert(0, "a");
    const error = { code: "document_too_large", message: "no", retry: false } as const;
    server.connection.send({ type: "rejected", document: DOCUMENT, sequence: 7, error });
    server.pump();
    expect(doc.status).toBe("Saved");
  });
});

describe("a document that the server closes", () => {
  it("is opened again when the server says retry", async () => {
    const { server, doc, clock } = opened("abc");
    doc.insert(3, "!");
    server.connection.deliverUp();
    server.connection.dropDown();
    const error = { code: "shutting_down", message: "moving", retry: true, retryAfter: 250 } as const;
    server.connection.send({ type: "closed", document: DOCUMENT, error });
    server.pump();
    expect(doc.status).toBe("Syncing…");
    await clock.advance(249);
    server.pump();
    expect(doc.status).toBe("Syncing…");
    await clock.advance(1);
    server.pump();
    expect([doc.text(), doc.status, server.submits.length]).toEqual(["abc!", "Saved", 1]);
  });

  it("again and again is opened after the first pause each time, because it was open in between", async () => {
    const { server, doc, clock } = opened("abc");
    const error = { code: "shutting_down", message: "moving", retry: true } as const;
    for (let round = 0; round < 4; round += 1) {
      server.connection.send({ type: "closed", document: DOCUMENT, error });
      server.pump();
      await clock.advance(1000);
      server.pump();
      expect(doc.status).toBe("Saved");
    }
  });

  it("is not opened twice when the connection comes back before the pause is over", async () => {
    const { server, clock } = opened("abc");
    const error = { code: "overloaded", message: "later", retry: true, retryAfter: 5000 } as const;
    server.connection.send({ type: "closed", document: DOCUMENT, error });
    server.pump();
    server.connection.lose();
    await clock.advance(1000);
    server.pump();
    await clock.advance(5000);
    server.pump();
    expect(server.connection.received.filter((up) => up.type === "open")).toHaveLength(1);
  });

  it("for good stays readable, with what is pending", async () => {
    const { server, doc, errors, clock } = opened("abc");
    doc.insert(3, "!");
    const saved = doc.saved();
    const error = { code: "forbidden", message: "your access was taken away", retry: false } as const;
    server.connection.send({ type: "closed", document: DOCUMENT, error });
    server.connection.deliverDown();
    expect([doc.text(), doc.status]).toEqual(["abc!", "Conflict"]);
    expect(errors).toMatchObject([error]);
    expect(await outcomeOf(saved)).toMatchObject({ code: "forbidden" });
    server.connection.lose();
    await clock.advance(1000);
    server.pump();
    expect(server.connection.received.map((up) => up.type)).toEqual(["hello"]);
  });
});

describe("status (C8)", () => {
  it("follows a session", async () => {
    const { server, doc, statuses, clock } = unopened();
    expect(doc.status).toBe("Syncing…");
    server.pump();
    doc.insert(0, "a");
    server.pump();
    server.connection.lose();
    doc.insert(1, "b");
    await clock.advance(1000);
    server.connection.open();
    server.connection.deliverUp();
    server.connection.deliverDown();
    server.pump();
    expect(statuses).toEqual(["Saved", "Saving…", "Saved", "Working offline", "Syncing…", "Saving…", "Saved"]);
  });

  it("is Working offline when the first attempt fails, also of what is opened after that", () => {
    const { server, doc, client } = unopened();
    server.connection.lose();
    expect([doc.status, client.open("another").status]).toEqual(["Working offline", "Working offline"]);
  });

  it("is Syncing… with more than 100 unsaved edits", () => {
    const { server, doc } = opened("");
    for (let count = 0; count < 100; count += 1) doc.insert(count, "x");
    expect(doc.status).toBe("Saving…");
    doc.insert(100, "x");
    expect(doc.status).toBe("Syncing…");
    server.pump();
    expect(doc.status).toBe("Saved");
  });
});

describe("saved()", () => {
  it("resolves at once when nothing is pending, also offline", async () => {
    const { server, doc } = opened("");
    server.connection.lose();
    expect(await outcomeOf(doc.saved())).toBe("fulfilled");
  });

  it("waits for the edits made up to the call, not for later ones", async () => {
    const { server, doc } = opened("");
    doc.insert(0, "a");
    const first = doc.saved();
    doc.insert(1, "b");
    const second = doc.saved();
    server.connection.deliverUp();
    server.connection.deliverDown();
    expect(await outcomeOf(first)).toBe("fulfilled");
    expect(await outcomeOf(second)).toBe("pending");
    server.pump();
    expect(await outcomeOf(second)).toBe("fulfilled");
  });

  it("does not resolve early when a later edit takes the buffer back", async () => {
    const { doc } = opened("");
    doc.insert(0, "a");
    const first = doc.saved();
    doc.insert(1, "b");
    doc.delete(1, 1);
    expect(await outcomeOf(first)).toBe("pending");
  });

  it("called offline waits for the connection", async () => {
    const { server, doc, clock } = opened("");
    server.connection.lose();
    doc.insert(0, "a");
    const saved = doc.saved();
    expect(await outcomeOf(saved)).toBe("pending");
    await clock.advance(1000);
    server.pump();
    expect(await outcomeOf(saved)).toBe("fulfilled");
  });
});

describe("close()", () => {
  it("leaves at once when everything is saved", () => {
    const { server, client, doc, statuses } = opened("abc");
    doc.close();
    server.connection.deliverUp();
    expect(statuses).toEqual(["Saved"]);
    expect(server.connection.received.at(-1)).toEqual({ type: "close", document: DOCUMENT });
    expect(() => doc.insert(0, "x")).toThrow(expect.objectContaining({ code: "unexpected_message" }));
    expect(doc.text()).toBe("abc");
    client.close();
    expect(server.connection.closedByClient).toMatchObject({ code: 1000 });
  });

  it("sends what is pending first; a new handle of the same document waits until then", async () => {
    const { server, client, doc } = opened("");
    doc.insert(0, "a");
    doc.insert(1, "b");
    const saved = doc.saved();
    doc.close();
    const again = client.open(DOCUMENT);
    doc.close();
    expect(again).not.toBe(doc);
    expect(client.open(DOCUMENT)).toBe(again);
    server.pump();
    expect(await outcomeOf(saved)).toBe("fulfilled");
    expect(again.text()).toBe("ab");
    expect(server.connection.received.map((up) => up.type)).toEqual([
      "hello",
      "open",
      "submit",
      "submit",
      "close",
      "open",
    ]);
  });

  it("gives up after five seconds without an answer", async () => {
    const { server, client, doc, clock } = opened("");
    server.intercept = (_connection, message) => message.type === "submit";
    doc.insert(0, "a");
    const saved = doc.saved();
    client.close();
    server.pump();
    expect(server.connection.closedByClient).toBeUndefined();
    await clock.advance(5000);
    expect(server.connection.closedByClient).toMatchObject({ code: 1000 });
    expect(await outcomeOf(saved)).toMatchObject({ code: "unexpected_message" });
    expect(await clock.runUntilIdle(100_000)).toBe(true);
  });

  it("does not wait for a network that is not there, and leaves no timer behind", async () => {
    const { server, client, doc, clock } = opened("");
    server.connection.lose();
    doc.insert(0, "a");
    client.close();
    expect(await outcomeOf(doc.saved())).toMatchObject({ code: "unexpected_message" });
    expect(await clock.runUntilIdle(1)).toBe(true);
    expect(server.connections).toHaveLength(1);
    expect(() => client.open(DOCUMENT)).toThrow(expect.objectContaining({ code: "unexpected_message" }));
  });

  it("by a listener, in the middle of catching up, is final", async () => {
    const { server, doc, clock } = opened("");
    server.connection.lose();
    server.commit([{ insert: "a" }]);
    server.commit([{ insert: "b" }]);
    doc.on("change", () => doc.close());
    await clock.advance(1000);
    server.pump();
    expect(server.connection.received.map((up) => up.type)).toEqual(["hello", "open", "close"]);
  });

  it("before the document was ready rejects `ready`", async () => {
    const { server, doc } = unopened();
    server.connection.open();
    doc.close();
    server.pump();
    expect(await outcomeOf(doc.ready)).toMatchObject({ code: "unexpected_message" });
    expect(server.connection.received.map((up) => up.type)).toEqual(["hello"]);
  });
});

function clientOf({ server }: World): string {
  const open = server.connection.received.find((up) => up.type === "open");
  return open?.client ?? "";
}
