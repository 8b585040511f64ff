import { Document } from "@tutti/ot";
import { describe, expect, it } from "vitest";
import { DOCUMENT, opened, unopened, type World } from "./world.js";

/** The server says that it committed something, with a checksum that does not fit. */
function tellWrong({ server }: World): void {
  const change = { client: "x", sequence: 1, user: "u", operation: [{ insert: "?" }], checksum: 1 };
  server.connection.send({ type: "committed", document: DOCUMENT, version: server.version + 1, changes: [change] });
}

describe("a version with another checksum than the server's (C6, E9)", () => {
  it("is not taken; the document is opened anew, and editing goes on", async () => {
    const world = opened("one two");
    const { server, doc, errors, clock } = world;
    tellWrong(world);
    server.pump();
    expect(errors).toMatchObject([{ code: "internal", retry: true }]);
    expect([doc.text(), doc.status]).toEqual(["one two", "Syncing…"]);
    server.commit([{ retain: 3 }, { insert: "!" }]);
    doc.insert(7, " mine");
    server.pump();
    expect(server.submits).toEqual([]);
    await clock.advance(1000);
    server.pump();
    expect(doc.text()).toBe("one! two mine");
    expect(server.document.text()).toBe("one! two mine");
    expect(doc.status).toBe("Saved");
    expect(server.connection.received.filter((up) => up.type === "open").at(-1)?.version).toBeUndefined();
  });

  it("with edits in flight and in the buffer loses nothing and doubles nothing", async () => {
    for (const arrives of [true, false]) {
      const world = opened("one two");
      const { server, doc, clock } = world;
      tellWrong(world);
      doc.insert(0, "1");
      doc.insert(8, "2");
      if (arrives) server.connection.deliverUp();
      else server.intercept = (_connection, message) => message.type === "submit";
      server.connection.deliverDown();
      server.pump();
      server.intercept = () => false;
      await clock.advance(1000);
      server.pump();
      expect(doc.text()).toBe("1one two2");
      expect(server.document.text()).toBe("1one two2");
      expect(server.log.map((change) => change.sequence)).toEqual([1, 2]);
    }
  });

  it("tries again with growing pauses while it goes on", async () => {
    const world = unopened([{ insert: "a" }]);
    const { server, clock, doc } = world;
    server.intercept = (connection, message) => {
      if (message.type !== "open") return false;
      connection.send({ ...server.opened(message), checksum: 5 });
      return true;
    };
    server.pump();
    const opens = (): number => server.connection.received.filter((up) => up.type === "open").length;
    expect(opens()).toBe(1);
    await clock.advance(1000);
    server.pump();
    expect(opens()).toBe(2);
    await clock.advance(1999);
    server.pump();
    expect(opens()).toBe(2);
    server.intercept = () => false;
    await clock.advance(1);
    server.pump();
    expect(doc.text()).toBe("a");
  });

  it.each<[string, (world: World) => void]>([
    [
      "an operation that does not fit",
      ({ server }) => {
        const change = { client: "x", sequence: 1, user: "u", operation: [{ retain: 99 }, { delete: 1 }], checksum: 1 };
        server.connection.send({ type: "committed", document: DOCUMENT, version: 1, changes: [change] });
      },
    ],
    [
      "somebody else's commit without its operation",
      ({ server }) => {
        const change = { client: "x", sequence: 1, user: "u", checksum: 1 };
        server.connection.send({ type: "committed", document: DOCUMENT, version: 1, changes: [change] });
      },
    ],
    [
      "an acknowledgement of what was never sent, while something else is in flight",
      ({ server, doc }) => {
        doc.insert(0, "a");
        doc.undo();
        server.connection.send({ type: "acknowledged", document: DOCUMENT, sequence: 4, version: 1 });
        server.connection.deliverDown();
      },
    ],
    [
      "an acknowledgement of what was never sent",
      ({ server }) => server.connection.send({ type: "acknowledged", document: DOCUMENT, sequence: 4, version: 1 }),
    ],
  ])("is as bad as %s", async (_name, tell) => {
    const world = opened("abc");
    tell(world);
    world.server.pump();
    expect(world.errors).toMatchObject([{ code: "internal" }]);
    expect(world.doc.text()).toBe("abc");
    await world.clock.advance(1000);
    world.server.pump();
    expect(world.doc.status).toBe("Saved");
  });

  it("waits a short time again, after a version that was right", async () => {
    const world = opened("a");
    for (let round = 0; round < 3; round += 1) {
      tellWrong(world);
      world.server.pump();
      await world.clock.advance(1000);
      world.server.commit([{ insert: "X" }]);
      world.server.pump();
      expect(world.doc.status).toBe("Saved");
      world.server.commit([{ insert: "Y" }]);
      world.server.pump();
    }
  });

  it("after a reconnect is noticed at the version that was reached", async () => {
    const world = opened("abc");
    const { server, clock, doc, errors } = world;
    server.connection.lose();
    server.document = Document.fromDelta([{ insert: "abX" }]);
    await clock.advance(1000);
    server.pump();
    expect(errors).toMatchObject([{ code: "internal" }]);
    await clock.advance(1000);
    server.pump();
    expect([doc.text(), doc.status]).toEqual(["abX", "Saved"]);
  });
});
