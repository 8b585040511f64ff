import { VirtualClock } from "@tutti/testkit";
import { describe, expect, it } from "vitest";
import { IdleDocuments } from "../../src/documents/idle-documents.js";
import { World } from "../harness.js";

const RULES = { idleDocuments: 3, idleDocumentBytes: 100, idleDocumentTime: 1000 };

function idle() {
  const clock = new VirtualClock();
  const unloaded: string[] = [];
  return { clock, unloaded, documents: new IdleDocuments(RULES, clock, (id) => unloaded.push(id)) };
}

describe("S3, S12: documents that nobody has open", () => {
  it("stay for a while, and go then", async () => {
    const { clock, unloaded, documents } = idle();
    documents.rest("a", 1);
    await clock.advance(999);
    expect(unloaded).toEqual([]);
    await clock.advance(1);
    expect(unloaded).toEqual(["a"]);
    expect(documents.has("a")).toBe(false);
  });

  it("stay when somebody comes back, and count anew afterwards", async () => {
    const { clock, unloaded, documents } = idle();
    documents.rest("a", 1);
    await clock.advance(900);
    documents.wake("a");
    await clock.advance(900);
    documents.rest("a", 1);
    await clock.advance(900);
    expect(unloaded).toEqual([]);
  });

  it("go in the order in which they were used last when they are too many", () => {
    const { unloaded, documents } = idle();
    for (const id of ["a", "b", "c"]) documents.rest(id, 1);
    documents.rest("a", 1);
    documents.rest("d", 1);
    documents.rest("e", 1);
    expect(unloaded).toEqual(["b", "c"]);
  });

  it("go when they are too large together, also one that is too large alone", () => {
    const { unloaded, documents } = idle();
    documents.rest("a", 60);
    documents.rest("b", 60);
    expect(unloaded).toEqual(["a"]);
    documents.rest("huge", 101);
    expect(unloaded).toEqual(["a", "b", "huge"]);
    documents.rest("c", 100);
    expect(unloaded).toHaveLength(3);
  });

  it("are not unloaded any more when all are forgotten", async () => {
    const { clock, unloaded, documents } = idle();
    documents.rest("a", 1);
    documents.clear();
    await clock.advance(10_000);
    expect(unloaded).toEqual([]);
  });

  it("leave memory with a snapshot", async () => {
    const world = await World.create({}, { protection: { idleDocumentTime: 5000 } });
    const ann = await world.join("ann");
    ann.submit(1, 0, [{ insert: "kept" }]);
    await world.quiet();
    ann.say({ type: "close", document: "doc" });
    await world.quiet();
    expect(world.server.documents.loaded("doc")).toBeDefined();
    await world.quiet(5000);
    expect(world.server.documents.loaded("doc")).toBeUndefined();
    expect((await world.done(world.store.snapshot("doc", 1)))?.version).toBe(1);
  });
});
