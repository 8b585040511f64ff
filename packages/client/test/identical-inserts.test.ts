import type { IdenticalInserts } from "@tutti/ot";
import { describe, expect, it } from "vitest";
import { DOCUMENT, unopened, type World } from "./world.js";

function openedWith(identicalInserts: IdenticalInserts | undefined): World {
  const world = unopened([{ insert: "one" }]);
  world.server.identicalInserts = identicalInserts;
  world.server.pump();
  return world;
}

function insertAtOnce({ server, doc }: World): void {
  doc.insert(3, "!");
  server.commit([{ retain: 3 }, { insert: "!" }]);
}

describe.each([
  ["keep", "one!!"],
  ["merge", "one!"],
  [undefined, "one!"],
] as const)("E5: a document whose setting for equal inserts is %s", (identicalInserts, expected) => {
  it("shows at once what the server will have", () => {
    const world = openedWith(identicalInserts);
    insertAtOnce(world);
    world.server.connection.deliverDown();
    expect(world.doc.text()).toBe(expected);
    world.server.pump();
    expect([world.doc.text(), world.server.document.text()]).toEqual([expected, expected]);
    expect([world.doc.status, world.errors]).toEqual(["Saved", []]);
  });

  it("goes by it when it catches up after a lost connection", async () => {
    const world = openedWith(identicalInserts);
    world.server.connection.lose();
    insertAtOnce(world);
    await world.clock.advance(2000);
    world.server.pump();
    expect([world.doc.text(), world.server.document.text()]).toEqual([expected, expected]);
    expect([world.doc.status, world.errors]).toEqual(["Saved", []]);
  });

  it("goes by it when the content comes anew", async () => {
    const world = openedWith(identicalInserts);
    const change = { client: "x", sequence: 1, user: "u", operation: [{ insert: "?" }], checksum: 1 };
    world.server.connection.send({ type: "committed", document: DOCUMENT, version: 1, changes: [change] });
    world.server.connection.deliverDown();
    insertAtOnce(world);
    await world.clock.advance(2000);
    world.server.pump();
    expect([world.doc.text(), world.server.document.text()]).toEqual([expected, expected]);
    expect(world.doc.status).toBe("Saved");
  });

  it("takes back one's own only", () => {
    const world = openedWith(identicalInserts);
    insertAtOnce(world);
    world.server.pump();
    world.doc.undo();
    world.server.pump();
    const left = identicalInserts === "keep" ? "one!" : "one";
    expect([world.doc.text(), world.server.document.text()]).toEqual([left, left]);
  });
});
