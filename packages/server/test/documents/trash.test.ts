import { describe, expect, it } from "vitest";
import { World } from "../harness.js";

const closedCodes = (peer: { readonly received: readonly unknown[] }) =>
  peer.received.flatMap((message) => {
    const { type, error } = message as { type: string; error?: { code: string; retry: boolean } };
    return type === "closed" ? [[error?.code, error?.retry]] : [];
  });

describe("H4: the trash", () => {
  it("takes a document away from everybody who has it open, and gives it back with every edit", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    ann.submit(1, 0, [{ insert: "kept" }]);
    await world.quiet();
    await world.done(world.server.documents.trash("doc", "ann"));
    await world.quiet();
    expect(closedCodes(ann)).toEqual([["not_found", false]]);
    await expect(world.done(world.server.documents.open("doc"))).rejects.toMatchObject({ code: "not_found" });
    await world.done(world.server.documents.restore("doc"));
    const { content, version } = await world.done(world.server.documents.contentAt("doc", undefined));
    expect([content.text(), version]).toEqual(["kept", 1]);
  });

  it("takes nothing twice, and gives back only what is in it", async () => {
    const world = await World.create();
    await expect(world.done(world.server.documents.restore("doc"))).rejects.toMatchObject({ code: "not_found" });
    await world.done(world.server.documents.trash("doc", "ann"));
    await expect(world.done(world.server.documents.trash("doc", "ann"))).rejects.toMatchObject({ code: "not_found" });
  });

  it("what is on its way to storage then is not acknowledged", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    ann.submit(1, 0, [{ insert: "late" }]);
    const trashed = world.server.documents.trash("doc", "ann");
    await world.done(trashed);
    await world.quiet();
    const acknowledged = ann.received.filter(({ type }) => type === "committed").length;
    await world.done(world.server.documents.restore("doc"));
    const { version } = await world.done(world.server.documents.contentAt("doc", undefined));
    expect(version).toBe(acknowledged);
  });
});

describe("H2, S4: a version with a name", () => {
  it("has a snapshot at once, whatever the number of operations", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    ann.submit(1, 0, [{ insert: "first draft" }]);
    await world.quiet();
    const named = await world.done(world.server.documents.nameVersion("doc", "Draft", "ann"));
    expect(named).toMatchObject({ name: "Draft", version: 1, by: "ann" });
    expect((await world.done(world.store.snapshot("doc", 1)))?.version).toBe(1);
    expect(await world.done(world.store.namedVersions("doc"))).toEqual([named]);
    const again = world.server.documents.nameVersion("doc", "Draft", "ann");
    await expect(world.done(again)).rejects.toMatchObject({ code: "exists" });
  });
});
