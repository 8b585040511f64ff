import { OperationError } from "@tutti/ot";
import { describe, expect, it } from "vitest";
import { FakeServer } from "./fake-server.js";
import { clientOf, DOCUMENT, opened, outcomeOf, unopened } from "./world.js";

describe("opening", () => {
  it("says hello, opens, and becomes ready with content, kind and title", async () => {
    const { server, doc, changes } = unopened([{ insert: "Hi" }]);
    expect(await outcomeOf(doc.ready)).toBe("pending");
    server.pump();
    expect(await outcomeOf(doc.ready)).toBe("fulfilled");
    expect(server.connection.received.map((up) => up.type)).toEqual(["hello", "open"]);
    expect([doc.text(), doc.kind, doc.title, doc.version, doc.length]).toEqual(["Hi", "rich", "A title", 0, 2]);
    expect(doc.checksum).toBe(server.document.checksum);
    expect(changes).toEqual([]);
  });

  it("speaks JSON as well", () => {
    const { server, doc } = unopened([{ insert: "Hi" }], "tutti.v1+json");
    server.pump();
    doc.insert(2, "!");
    server.pump();
    expect(server.document.text()).toBe("Hi!");
  });

  it("refuses edits before it is ready", () => {
    const { doc } = unopened();
    expect(() => doc.insert(0, "a")).toThrow(expect.objectContaining({ code: "unexpected_message" }));
    expect(doc.text()).toBe("");
  });

  it("rejects `ready` when the document cannot be opened", async () => {
    const { server, doc, errors } = unopened();
    const error = { code: "not_found", message: "no such document", retry: false } as const;
    server.intercept = (connection, message) => {
      if (message.type === "open") connection.send({ type: "closed", document: DOCUMENT, error });
      return message.type === "open";
    };
    server.pump();
    expect(await outcomeOf(doc.ready)).toMatchObject({ name: "TuttiError", code: "not_found" });
    expect(errors).toMatchObject([error]);
    expect(doc.status).toBe("Read-only mode");
  });

  it("tries again when the server says so, after the time it asks for", async () => {
    const { server, doc, clock } = unopened();
    let refusals = 1;
    server.intercept = (connection, message) => {
      if (message.type !== "open" || refusals === 0) return false;
      refusals -= 1;
      const error = { code: "overloaded", message: "later", retry: true, retryAfter: 7000 } as const;
      connection.send({ type: "closed", document: DOCUMENT, error });
      return true;
    };
    server.pump();
    expect(doc.status).toBe("Syncing…");
    await clock.advance(6999);
    server.pump();
    expect(await outcomeOf(doc.ready)).toBe("pending");
    await clock.advance(1);
    server.pump();
    expect(await outcomeOf(doc.ready)).toBe("fulfilled");
  });

  it("ignores the answer to an `open` of a handle that was closed before it came", () => {
    const { server, client, doc } = unopened([{ insert: "a" }]);
    server.connection.open();
    server.connection.deliverUp();
    server.connection.deliverDown();
    server.connection.deliverUp();
    // `opened` for the first handle is under way.
    doc.close();
    const second = client.open(DOCUMENT);
    // The server takes the `close`, commits something, and takes the `open`.
    server.connection.deliverUp(1);
    server.commit([{ insert: "b" }]);
    server.pump();
    expect(second).not.toBe(doc);
    expect(second.text()).toBe("ba");
    expect(second.checksum).toBe(server.document.checksum);
    second.insert(0, "c");
    server.pump();
    expect(server.document.text()).toBe("cba");
  });
});

it("sends again what the server may not have heard, because it was still opening the document", () => {
  const { server, client, doc } = unopened();
  server.connection.open();
  server.connection.deliverUp();
  server.connection.deliverDown();
  server.connection.deliverUp();
  doc.close();
  const second = client.open(DOCUMENT);
  server.connection.deliverDown();
  second.insert(0, "a");
  let deaf = 1;
  server.intercept = (_connection, message) => message.type === "submit" && deaf-- > 0;
  server.pump();
  expect(server.submits.map((submit) => submit.sequence)).toEqual([1, 1]);
  expect([server.document.text(), second.status]).toEqual(["a", "Saved"]);
});

describe("a local edit", () => {
  it("shows at once and is sent at once (C1)", () => {
    const { server, doc, changes } = opened("ab");
    doc.edit([{ retain: 1 }, { insert: "X" }], { source: "me" });
    expect(doc.text()).toBe("aXb");
    expect(changes).toEqual([{ delta: [{ retain: 1 }, { insert: "X" }], origin: "local", source: "me" }]);
    server.connection.deliverUp();
    expect(server.submits).toMatchObject([{ sequence: 1, version: 0 }]);
    expect(server.document.text()).toBe("aXb");
  });

  it("has shorthands: insert, delete, format; nothing to do is no edit", () => {
    const { server, doc, changes } = opened("abc");
    doc.insert(3, "d", { bold: true });
    doc.delete(0, 1);
    doc.format(0, 1, { italic: true });
    doc.insert(0, { image: "x.png" });
    doc.insert(0, "");
    doc.delete(1, 0);
    doc.format(1, 0, { bold: true });
    doc.edit([]);
    expect(changes).toHaveLength(4);
    const expected = [
      { insert: { image: "x.png" } },
      { insert: "b", attributes: { italic: true } },
      { insert: "c" },
      { insert: "d", attributes: { bold: true } },
    ];
    expect(doc.content()).toEqual(expected);
    server.pump();
    expect(server.document.toDelta()).toEqual(expected);
  });

  it("that does not fit throws and changes nothing", () => {
    const { server, doc, changes } = opened("a😀");
    const before = doc.checksum;
    expect(() => doc.delete(1, 1)).toThrow(expect.objectContaining({ code: "surrogate_split" }));
    expect(() => doc.insert(9, "x")).toThrow(expect.objectContaining({ code: "out_of_range" }));
    expect(() => doc.insert(-1, "x")).toThrow(expect.objectContaining({ code: "malformed" }));
    expect(() => doc.insert(0, "\ud800")).toThrow(OperationError);
    expect(() => doc.format(0, 1, { note: "x".repeat(16_400) })).toThrow(
      expect.objectContaining({ code: "too_large" }),
    );
    expect([doc.checksum, changes, doc.status, doc.canUndo]).toEqual([before, [], "Saved", false]);
    server.pump();
    expect(server.submits).toEqual([]);
  });

  it("waits in the buffer while another one is in flight, composed into one (C2)", () => {
    const { server, doc } = opened();
    doc.insert(0, "a");
    doc.insert(1, "b");
    doc.insert(2, "c");
    server.connection.deliverUp();
    expect(server.submits).toHaveLength(1);
    server.pump();
    expect(server.submits.map((submit) => [submit.sequence, submit.operation])).toEqual([
      [1, [{ insert: "a" }]],
      [2, [{ retain: 1 }, { insert: "bc", continues: true }]],
    ]);
    expect(server.document.text()).toBe("abc");
    expect(doc.version).toBe(2);
  });

  it("that is taken back before it was sent is never sent", async () => {
    const { server, doc } = opened();
    doc.insert(0, "a");
    doc.insert(1, "b");
    doc.delete(1, 1);
    const saved = doc.saved();
    server.pump();
    expect(server.submits).toHaveLength(1);
    expect(await outcomeOf(saved)).toBe("fulfilled");
    expect(doc.status).toBe("Saved");
  });

  it("made by a listener of the change before it keeps the order of events", () => {
    const { server, doc } = opened();
    const heard: string[] = [];
    doc.on("change", ({ delta }) => {
      if (JSON.stringify(delta).includes('"a"')) doc.insert(1, "b");
    });
    doc.on("change", ({ delta }) => heard.push(JSON.stringify(delta)));
    doc.insert(0, "a");
    expect(heard).toEqual(['[{"insert":"a"}]', '[{"retain":1},{"insert":"b","continues":true}]']);
    server.pump();
    expect(server.document.text()).toBe("ab");
  });

  it("is sent in several parts when what was composed is larger than one operation may be", async () => {
    const { server, doc, clock } = opened("end");
    server.connection.lose();
    for (let part = 0; part < 5; part += 1) doc.insert(60_000 * part, String(part).repeat(60_000));
    const saved = doc.saved();
    await clock.advance(1000);
    server.connection.open();
    server.connection.deliverUp();
    server.connection.deliverDown();
    server.connection.deliverUp();
    server.connection.deliverDown();
    server.connection.deliverUp(1);
    server.connection.deliverDown();
    expect(server.submits).toHaveLength(1);
    expect(await outcomeOf(saved)).toBe("pending");
    server.pump();
    expect(server.submits.map((submit) => submit.sequence)).toEqual([1, 2, 3, 4]);
    expect(await outcomeOf(saved)).toBe("fulfilled");
    expect(server.document.length).toBe(300_003);
    expect(server.document.checksum).toBe(doc.checksum);
  });

  it("that does not fit into one operation goes on with its rest at once, where others wait (E11)", async () => {
    const { server, client, clock } = clientOf(new FakeServer(), { sendInterval: 50 });
    const doc = client.open(DOCUMENT);
    server.pump();
    for (let part = 0; part < 3; part += 1) doc.insert(60_000 * part, String(part).repeat(60_000));
    server.pump();
    // The first one leaves alone; what came behind it waits for company.
    expect(server.submits).toHaveLength(1);
    await clock.advance(50);
    server.pump();
    expect(server.submits).toHaveLength(3);
    doc.insert(0, "a");
    server.pump();
    expect(server.submits).toHaveLength(3);
    await clock.advance(50);
    server.pump();
    expect(server.document.checksum).toBe(doc.checksum);
  });

  it("that no message can carry is a conflict, not an endless retry", () => {
    const { server, doc, errors } = unopened();
    server.limits = { ...server.limits, frameBytes: 2000 };
    server.pump();
    doc.insert(0, { image: "x".repeat(3000) });
    server.pump();
    expect(server.submits).toEqual([]);
    expect(errors).toMatchObject([{ code: "operation_too_large" }]);
    expect(doc.status).toBe("Conflict");
    expect(doc.length).toBe(1);
  });
});

describe("other people's edits", () => {
  it("are applied, with what they change here", () => {
    const { server, doc, changes } = opened("ab");
    server.commit([{ retain: 1 }, { insert: "X" }]);
    server.pump();
    expect(doc.text()).toBe("aXb");
    expect(doc.version).toBe(1);
    expect(changes).toEqual([{ delta: [{ retain: 1 }, { insert: "X" }], origin: "remote", source: undefined }]);
  });

  it("are moved over what is in flight and over the buffer; both sides end alike", () => {
    const { server, doc, changes } = opened("abc");
    doc.insert(0, "1");
    doc.insert(1, "2");
    server.commit([{ retain: 3 }, { insert: "X" }]);
    server.connection.deliverDown();
    expect(doc.text()).toBe("12abcX");
    expect(changes.at(-1)).toMatchObject({ delta: [{ retain: 5 }, { insert: "X" }], origin: "remote" });
    server.pump();
    expect(doc.text()).toBe("12abcX");
    expect(server.document.text()).toBe("12abcX");
    expect(doc.checksum).toBe(server.document.checksum);
  });

  it("equal to mine at the same place become one (E5), and mine is still acknowledged", async () => {
    const { server, doc } = opened("");
    doc.insert(0, "same");
    server.commit([{ insert: "same" }]);
    server.connection.deliverDown();
    expect(doc.text()).toBe("same");
    server.pump();
    expect(server.document.text()).toBe("same");
    expect(await outcomeOf(doc.saved())).toBe("fulfilled");
  });

  it("come exactly once, however often they are told (invariant 3)", () => {
    const { server, doc, changes, errors } = opened("");
    const told: Parameters<typeof server.connection.send>[0][] = [];
    doc.insert(0, "mine");
    server.connection.deliverUp();
    server.commit([{ insert: "theirs " }]);
    const changesOf = server.log.map(({ operation, ...change }, index) =>
      index === 0 ? change : { ...change, operation },
    );
    told.push({ type: "committed", document: DOCUMENT, version: 1, changes: changesOf });
    told.push({ type: "committed", document: DOCUMENT, version: 1, changes: changesOf.slice(0, 1) });
    told.push({ type: "acknowledged", document: DOCUMENT, sequence: 1, version: 1 });
    for (const message of told) server.connection.send(message);
    server.pump();
    expect(doc.text()).toBe("theirs mine");
    expect(doc.version).toBe(2);
    expect(changes.filter((change) => change.origin === "remote")).toHaveLength(1);
    expect([errors, doc.status]).toEqual([[], "Saved"]);
  });

  it("that went missing are asked for again", () => {
    const { server, doc } = opened("");
    server.commit([{ insert: "a" }]);
    server.commit([{ retain: 1 }, { insert: "b" }]);
    server.connection.dropDown();
    doc.insert(0, "mine ");
    server.pump();
    expect(doc.text()).toBe(server.document.text());
    expect(doc.version).toBe(3);
    expect(server.connection.received.filter((up) => up.type === "open").at(-1)).toMatchObject({ version: 0 });
  });
});
