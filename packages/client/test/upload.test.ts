import { DEFAULT_LIMITS } from "@tutti/protocol";
import { describe, expect, it } from "vitest";
import type { UploadProgress } from "../src/index.js";
import { FakeServer } from "./fake-server.js";
import { clientOf, DOCUMENT, watch } from "./world.js";

const CHUNK = 100;

/** A document of a server that takes 100 units at once, and 2,000 in all. */
function opened(text = "") {
  const server = new FakeServer(text === "" ? [] : [{ insert: text }]);
  server.limits = { ...DEFAULT_LIMITS, insertLength: CHUNK, documentLength: 2000 };
  const world = clientOf(server);
  const watched = watch(world.client.open(DOCUMENT));
  const progress: (UploadProgress | undefined)[] = [];
  watched.doc.on("upload", (upload) => progress.push(upload));
  server.pump();
  /** One operation gets there and back. */
  const exchange = (): void => {
    server.connection.deliverUp();
    server.connection.deliverDown();
  };
  return { ...world, ...watched, progress, exchange };
}

const pasted = (units: number): string =>
  Array.from({ length: units }, (_, index) => "abcdefghij"[index % 10]).join("");

describe("a large paste (C9)", () => {
  it("shows at once, travels in chunks, and tells how far it is", () => {
    const { doc, server, changes, progress } = opened("[]");
    doc.insert(1, pasted(350));
    expect([doc.length, changes.length, doc.upload]).toEqual([352, 1, { total: 350, sent: 0 }]);
    server.pump();
    expect(server.document.text()).toBe(`[${pasted(350)}]`);
    expect(server.submits.map(({ operation }) => JSON.stringify(operation).length < 2 * CHUNK)).toEqual(
      server.submits.map(() => true),
    );
    const sent = progress.map((upload) => upload?.sent);
    expect(sent.slice(0, 2)).toEqual([0, expect.any(Number)]);
    expect(sent.at(-1)).toBeUndefined();
    expect(sent.slice(0, -1)).toEqual([...sent.slice(0, -1)].sort((a = 0, b = 0) => a - b));
    expect(progress.every((upload) => upload === undefined || upload.total === 350)).toBe(true);
    expect([doc.upload, doc.status]).toEqual([undefined, "Saved"]);
  });

  it("lets others go on editing between its chunks, and me", () => {
    const { doc, server, exchange } = opened("[]");
    doc.insert(1, pasted(350));
    exchange();
    server.commit([{ retain: server.document.length - 1 }, { insert: "theirs" }]);
    doc.insert(0, "mine");
    exchange();
    expect(doc.upload?.sent).toBeGreaterThan(0);
    server.pump();
    expect(server.document.text()).toBe(doc.text());
    expect(doc.text()).toContain("theirs");
    expect(doc.text()).toContain("mine");
    expect(doc.upload).toBeUndefined();
  });

  it("is one undo step, and one redo step", () => {
    const { doc, server } = opened("[]");
    doc.insert(1, pasted(350));
    server.pump();
    doc.undo();
    server.pump();
    expect([doc.text(), server.document.text(), doc.canUndo]).toEqual(["[]", "[]", false]);
    doc.redo();
    expect(doc.upload).toEqual({ total: 350, sent: 0 });
    server.pump();
    expect(server.document.text()).toBe(`[${pasted(350)}]`);
  });

  it("beyond the limit of the document is refused before anything changes; shorter is always allowed", () => {
    const { doc, changes } = opened(pasted(100));
    expect(() => doc.insert(0, pasted(1901))).toThrow(expect.objectContaining({ code: "document_too_large" }));
    expect(() => doc.insert(0, pasted(2001))).toThrow(expect.objectContaining({ code: "too_large" }));
    expect([doc.length, changes, doc.upload, doc.canUndo]).toEqual([100, [], undefined, false]);
    doc.insert(0, pasted(1900));
    expect(doc.length).toBe(2000);
    doc.edit([{ insert: "x" }, { delete: 2 }]);
    expect(doc.length).toBe(1999);
  });

  it.each([0, 1, 2, 3])("cancelled after %i chunks is taken back whole, as if undone", (chunks) => {
    const { doc, server, exchange, progress } = opened("[]");
    doc.insert(1, pasted(350));
    for (let count = 0; count < chunks; count += 1) exchange();
    expect(doc.cancelUpload()).toBe(true);
    expect([doc.text(), doc.upload, progress.at(-1)]).toEqual(["[]", undefined, undefined]);
    server.pump();
    expect([server.document.text(), doc.status, doc.canUndo]).toEqual(["[]", "Saved", false]);
    expect(doc.redo()).toBe(true);
    expect(doc.length).toBe(352);
  });

  it("cancelled keeps what others and I typed meanwhile, also into it", () => {
    const { doc, server, exchange } = opened("[]");
    doc.insert(1, pasted(350));
    exchange();
    exchange();
    server.commit([{ retain: 20 }, { insert: "THEIRS" }]);
    server.connection.deliverDown();
    doc.insert(40, "MINE");
    doc.cancelUpload();
    expect(doc.text()).toBe("[THEIRSMINE]");
    server.pump();
    expect([server.document.text(), doc.status]).toEqual(["[THEIRSMINE]", "Saved"]);
    doc.undo();
    expect(doc.length).toBe(12 + 350);
  });

  it("cancelled when there is none does nothing", () => {
    const { doc, server } = opened("[]");
    expect(doc.cancelUpload()).toBe(false);
    doc.insert(1, pasted(350));
    server.pump();
    expect(doc.cancelUpload()).toBe(false);
    expect(doc.length).toBe(352);
  });

  it("and another one behind it are one upload", () => {
    const { doc, server, exchange } = opened("[]");
    doc.insert(1, pasted(350));
    exchange();
    doc.insert(0, pasted(200));
    expect(doc.upload).toMatchObject({ total: 550 });
    exchange();
    doc.cancelUpload();
    expect(doc.text()).toBe("[]");
    server.pump();
    expect(server.document.text()).toBe("[]");
  });

  it("goes on after a reconnect, with nothing doubled", async () => {
    const { doc, server, exchange, clock } = opened("[]");
    doc.insert(1, pasted(350));
    exchange();
    server.connection.deliverUp();
    server.connection.lose();
    await clock.advance(1000);
    server.pump();
    expect([server.document.text(), doc.upload]).toEqual([`[${pasted(350)}]`, undefined]);
  });

  it("offline is shown as well, with nothing sent", () => {
    const { doc, server } = opened("[]");
    server.connection.lose();
    doc.insert(1, pasted(350));
    expect(doc.upload).toEqual({ total: 350, sent: 0 });
  });
});
