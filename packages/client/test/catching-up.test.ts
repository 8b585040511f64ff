import { compose, Document, type Operation } from "@tutti/ot";
import type { Change, Open, Opened } from "@tutti/protocol";
import { describe, expect, it } from "vitest";
import { DOCUMENT, opened, unopened, type World } from "./world.js";

const opens = ({ server }: World): readonly Open[] =>
  server.connections.flatMap((connection) => connection.received).filter((up) => up.type === "open");

/** What the log of the server says from a version on, as one change. */
function composed({ server }: World, from: number): Change {
  const missed = server.log.slice(from);
  const last = missed.at(-1);
  if (last === undefined) throw new Error("nothing happened");
  const operation = missed.map((change) => change.operation as Operation).reduce((all, next) => compose(all, next));
  return { ...last, operation, versions: missed.length };
}

describe("changes that stand for several versions (S6, C5)", () => {
  it("are asked for, and taken when they come after a reconnect", async () => {
    const world = opened("abc");
    const { server, doc, clock } = world;
    expect(opens(world)).toMatchObject([{ pieces: true }]);
    server.connection.lose();
    for (const letter of ["x", "y", "z"]) server.commit([{ insert: letter }]);
    server.intercept = (connection, message) => {
      if (message.type !== "open") return false;
      connection.send({ ...server.opened(message), changes: [composed(world, 0)] });
      return true;
    };
    await clock.advance(1000);
    server.pump();
    expect([doc.text(), doc.version, doc.status]).toEqual(["zyxabc", 3, "Saved"]);
    expect(world.changes.map(({ delta, origin }) => [delta, origin])).toEqual([[[{ insert: "zyx" }], "remote"]]);
    expect(opens(world).at(-1)).toMatchObject({ version: 0, pieces: true, content: true });
  });

  it("are taken while live, and move what is pending over them", async () => {
    const world = opened("abc");
    const { server, doc } = world;
    server.intercept = (_connection, message) => message.type === "submit";
    doc.insert(3, "mine");
    server.pump();
    doc.insert(7, "!");
    const members = server.connection;
    for (const letter of ["x", "y"]) server.commit([{ insert: letter }]);
    members.dropDown(9);
    members.send({ type: "committed", document: DOCUMENT, version: 1, changes: [composed(world, 0)] });
    server.intercept = () => false;
    members.deliverDown();
    expect([doc.text(), doc.version]).toEqual(["yxabcmine!", 2]);
  });

  it("are somebody else's, whatever client they name, and are checked at their end (E9)", () => {
    const world = opened("abc");
    const { server, doc, errors } = world;
    const client = opens(world)[0]?.client ?? "";
    server.commit([{ insert: "x" }]);
    server.commit([{ insert: "y" }]);
    server.connection.dropDown(9);
    const piece = { ...composed(world, 0), client };
    server.connection.send({ type: "committed", document: DOCUMENT, version: 1, changes: [{ ...piece, checksum: 1 }] });
    server.connection.deliverDown();
    expect([doc.text(), errors.length]).toEqual(["abc", 1]);
  });

  it("whose versions are partly known already are a fault of the server, and the document is opened anew", async () => {
    const world = opened("abc");
    const { server, doc, clock, errors } = world;
    server.commit([{ insert: "x" }]);
    server.pump();
    server.commit([{ insert: "y" }]);
    server.connection.dropDown(9);
    server.connection.send({ type: "committed", document: DOCUMENT, version: 1, changes: [composed(world, 0)] });
    server.pump();
    expect(errors).toMatchObject([{ code: "internal" }]);
    await clock.advance(1000);
    server.pump();
    expect([doc.text(), doc.status]).toEqual(["yxabc", "Saved"]);
  });
});

describe("an own change that comes with its operation", () => {
  it.each([
    ["as it is in flight", [{ retain: 3 }, { insert: "mine" }], "abcmine!", 0],
    ["as something else", [{ insert: "MINE" }], "MINEabc!", 1],
  ] as const)("%s counts, and what was typed since moves along", async (_name, operation, text, changes) => {
    const world = opened("abc");
    const { server, doc } = world;
    const client = opens(world)[0]?.client ?? "";
    server.intercept = (_connection, message) => message.type === "submit";
    doc.insert(3, "mine");
    server.pump();
    const saved = doc.saved();
    doc.insert(7, "!");
    server.intercept = () => false;
    server.document = server.document.apply(operation);
    const change = { client, sequence: 1, user: "user-of-ann", operation, checksum: server.document.checksum };
    server.log.push(change);
    server.connection.send({ type: "committed", document: DOCUMENT, version: 1, changes: [change] });
    server.pump();
    await saved;
    expect(doc.text()).toBe(text);
    expect(server.document.text()).toBe(text);
    expect(doc.status).toBe("Saved");
    expect(world.errors).toEqual([]);
    expect(world.changes.filter(({ origin }) => origin === "remote")).toHaveLength(changes);
  });
});

describe("content in parts (S3)", () => {
  const parts = (answer: Opened, text: string, sizes: readonly number[]): readonly Opened[] => {
    let from = 0;
    return sizes.map((size) => {
      const content = [{ insert: text.slice(from, from + size) }];
      from += size;
      return { ...answer, content, part: { from: from - size, length: text.length } };
    });
  };

  function tellInParts(world: World, pick: (all: readonly Opened[]) => readonly Opened[]): void {
    world.server.intercept = (connection, message) => {
      if (message.type !== "open") return false;
      for (const part of pick(parts(world.server.opened(message), "abcdefgh", [3, 3, 2]))) connection.send(part);
      return true;
    };
  }

  it("is put together; the document is ready when all of it is here", () => {
    const world = unopened([{ insert: "abcdefgh" }]);
    tellInParts(world, (all) => all);
    world.server.connection.open();
    world.server.connection.deliverUp();
    world.server.connection.deliverDown(1);
    world.server.connection.deliverUp();
    world.server.connection.deliverDown(2);
    expect(world.doc.text()).toBe("");
    world.server.connection.deliverDown();
    expect([world.doc.text(), world.doc.status]).toEqual(["abcdefgh", "Saved"]);
  });

  it("parts of an answer from before are passed over", () => {
    const world = unopened([{ insert: "abcdefgh" }]);
    tellInParts(world, ([first, second, third]) => [second, third, first, third, second, third] as Opened[]);
    world.server.pump();
    expect([world.doc.text(), world.doc.status, world.errors]).toEqual(["abcdefgh", "Saved", []]);
  });
});

describe("content instead of changes", () => {
  it("is taken where nothing is pending", async () => {
    const world = opened("abc");
    const { server, doc, clock } = world;
    server.connection.lose();
    server.commit([{ retain: 1 }, { insert: "x" }]);
    server.intercept = (connection, message) => {
      if (message.type !== "open") return false;
      connection.send(server.opened({ type: "open", document: DOCUMENT, client: message.client }));
      return true;
    };
    await clock.advance(1000);
    server.pump();
    expect([doc.text(), doc.status, doc.version]).toEqual(["axbc", "Saved", 1]);
    expect(world.changes.map(({ delta }) => delta)).toEqual([[{ retain: 1 }, { insert: "x" }]]);
  });

  it("that crosses an edit is not: the changes are asked for", async () => {
    const world = opened("abc");
    const { server, doc, clock } = world;
    server.connection.lose();
    server.commit([{ retain: 1 }, { insert: "x" }]);
    server.intercept = (connection, message) => {
      if (message.type !== "open" || message.content !== true) return false;
      doc.insert(3, "!");
      connection.send(server.opened({ type: "open", document: DOCUMENT, client: message.client }));
      return true;
    };
    await clock.advance(1000);
    server.pump();
    expect(opens(world).map(({ content }) => content)).toEqual([undefined, true, undefined]);
    expect([doc.text(), doc.status, server.document.text()]).toEqual(["axbc!", "Saved", "axbc!"]);
    expect(world.errors).toEqual([]);
    expect(Document.fromOperation(doc.content()).checksum).toBe(server.document.checksum);
  });
});
