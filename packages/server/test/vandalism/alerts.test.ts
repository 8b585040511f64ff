import { describe, expect, it } from "vitest";
import type { Log, LogFields } from "../../src/log.js";
import { callerOf, counting, joinWithAlerts, linger, PAGE, pageOf, textOf } from "./given.js";

const alert = { document: "doc", kind: "mass_deletion", user: { id: "bob", name: "Name of bob" } };

describe("alerts about mass deletions", () => {
  it("L4: one operation that deletes more than half is logged, counted, written down and told; nothing is held back", async () => {
    const warned: LogFields[] = [];
    const log: Log = { info() {}, warn: (_message, fields = {}) => warned.push(fields), error() {} };
    const { observer, counted } = counting();
    const { world, ann, bob } = await pageOf({ log, observer });
    bob.submit(1, 1, [{ retain: 100 }, { delete: 501 }]);
    await world.quiet();
    expect(bob.last("committed").version).toBe(2);
    for (const peer of [ann, bob]) {
      expect(peer.all("alert")).toEqual([{ type: "alert", ...alert, version: 2, removed: 501, length: 1000 }]);
    }
    expect(counted).toEqual(["mass_deletion"]);
    expect(warned).toMatchObject([{ document: "doc", version: 2, user: "bob", removed: 501, length: 1000 }]);
    const [record] = await world.done(world.store.auditRecords({ document: "doc" }, 10));
    expect(record).toMatchObject({ user: "bob", action: "alert.raised", details: { version: 2, removed: 501 } });
  });

  const HARMLESS = [
    ["exactly half", [{ retain: 100 }, { delete: 500 }]],
    ["formatting everything", [{ retain: 1000, attributes: { bold: true } }]],
    ["writing", [{ insert: PAGE }]],
  ] as const;
  for (const [name, operation] of HARMLESS) {
    it(`L4: ${name} raises none`, async () => {
      const { world, ann, bob } = await pageOf();
      bob.submit(1, 1, operation);
      await world.quiet(2000);
      expect(bob.last("committed").version).toBe(2);
      expect(ann.all("alert")).toEqual([]);
    });
  }

  it("L4: a short document raises none", async () => {
    const { world, ann, bob } = await pageOf({ vandalism: { length: 1001 } });
    bob.submit(1, 1, [{ delete: 1000 }]);
    await world.quiet(2000);
    expect(ann.all("alert")).toEqual([]);
  });

  it("L4: piece by piece within the window is the same, with the first piece as its name; slowly is not", async () => {
    const { world, ann, bob } = await pageOf();
    for (let piece = 1; piece <= 6; piece += 1) {
      bob.submit(piece, piece, [{ delete: 100 }]);
      await linger(world, 9000, [ann, bob]);
    }
    expect(ann.all("alert")).toEqual([{ type: "alert", ...alert, version: 2, removed: 600, length: 1000 }]);

    const slow = await pageOf();
    for (let piece = 1; piece <= 6; piece += 1) {
      slow.bob.submit(piece, piece, [{ delete: 100 }]);
      await linger(slow.world, 15_000, [slow.ann, slow.bob]);
    }
    expect(slow.ann.all("alert")).toEqual([]);
  });

  it("L4: two people who delete a third each raise none", async () => {
    const { world, ann, bob } = await pageOf();
    ann.submit(1, 1, [{ delete: 333 }]);
    await world.quiet();
    bob.submit(1, 2, [{ delete: 300 }]);
    await world.quiet(2000);
    expect(bob.last("committed").version).toBe(3);
    expect([...ann.all("alert"), ...bob.all("alert")]).toEqual([]);
  });

  it("L4: what somebody typed and took back in the same minute is nobody's loss, however often", async () => {
    const { world, ann, bob } = await pageOf();
    bob.submit(1, 1, [{ delete: 10 }]);
    await world.quiet();
    for (let round = 1; round <= 6; round += 1) {
      bob.submit(2 * round, 2 * round, [{ retain: 20 }, { insert: "x".repeat(300) }]);
      await world.quiet(100);
      bob.submit(2 * round + 1, 2 * round + 1, [{ retain: 20 }, { delete: 300 }]);
      await world.quiet(1000);
    }
    expect(bob.last("committed").version).toBe(14);
    expect(ann.all("alert")).toEqual([]);
    // What is deleted after that still counts.
    for (let more = 14; more <= 16; more += 1) {
      bob.submit(more, more, [{ retain: 20 }, { delete: 230 }]);
      await world.quiet(1000);
    }
    expect(ann.all("alert")).toEqual([{ type: "alert", ...alert, version: 2, removed: 700, length: 1290 }]);
  });

  it("L4: what the person goes on deleting belongs to the alert for as long as the window; then it is another one", async () => {
    const { world, ann, bob } = await pageOf();
    bob.submit(1, 1, [{ delete: 510 }]);
    await world.clock.advance(1000);
    bob.submit(2, 2, [{ insert: PAGE }]);
    await world.clock.advance(1000);
    bob.submit(3, 3, [{ delete: 1400 }]);
    await linger(world, 62_000, [ann, bob]);
    expect(ann.all("alert")).toHaveLength(1);
    bob.submit(4, 4, [{ insert: PAGE }]);
    await world.quiet();
    bob.submit(5, 5, [{ delete: 1000 }]);
    await world.quiet();
    expect(ann.all("alert").map(({ version }) => version)).toEqual([2, 6]);
  });
});

describe("who hears of an alert, and for how long", () => {
  it("L4: whoever opens the document later, until it is settled; not who may not edit, nor who does not know alerts", async () => {
    const { world, bob } = await pageOf();
    await world.done(world.store.setRole("doc", "vic", "viewer"));
    bob.submit(1, 1, [{ delete: 900 }]);
    await world.quiet();
    const [cem, vic, old] = [
      await joinWithAlerts(world, "cem"),
      await joinWithAlerts(world, "vic"),
      await world.join("old"),
    ];
    expect(cem.all("alert")).toHaveLength(1);
    expect([...vic.all("alert"), ...old.all("alert")]).toEqual([]);
    await world.done(world.server.vandalism.dismiss("doc", 2, callerOf("cem")));
    await world.quiet();
    expect(cem.last("alert")).toMatchObject({ version: 2, settled: true });
    const dan = await joinWithAlerts(world, "dan");
    expect(dan.all("alert")).toEqual([]);
  });

  it("S11, L4: who views for now hears of it, and may restore, when there is a place", async () => {
    const { world, ann, bob } = await pageOf({ crowd: { editors: 2 } });
    const cem = await joinWithAlerts(world, "cem");
    bob.submit(1, 1, [{ delete: 900 }]);
    await world.quiet();
    expect([ann.all("alert").length, cem.all("alert").length]).toEqual([1, 0]);
    const restore = () => world.done(world.server.vandalism.restore("doc", 2, callerOf("cem")));
    await expect(restore()).rejects.toMatchObject({ code: "viewing_only" });
    cem.say({ type: "ask", document: "doc", wish: "edit" });
    bob.say({ type: "ask", document: "doc", wish: "view" });
    await world.quiet(1000);
    expect(cem.all("alert")).toHaveLength(1);
    expect((await restore()).version).toBe(3);
  });

  it("S11, L4: who lost their place hears that what they were told of is settled; the others hear of nothing", async () => {
    const { world, ann, bob } = await pageOf();
    await world.done(world.store.setRole("doc", "vic", "viewer"));
    const vic = await joinWithAlerts(world, "vic");
    bob.submit(1, 1, [{ delete: 900 }]);
    await world.quiet();
    bob.say({ type: "ask", document: "doc", wish: "view" });
    await world.quiet();
    await world.done(world.server.vandalism.dismiss("doc", 2, callerOf("ann")));
    await world.quiet();
    for (const told of [ann, bob]) expect(told.last("alert")).toMatchObject({ version: 2, settled: true });
    expect(vic.all("alert")).toEqual([]);
  });

  it("L4: an alert outlives the process, by its audit record, and is forgotten after a day", async () => {
    const { world, bob } = await pageOf();
    bob.submit(1, 1, [{ delete: 900 }]);
    await world.quiet();
    world.restart();
    const ann = await joinWithAlerts(world, "ann", "ann-3");
    expect(ann.all("alert")).toEqual([{ type: "alert", ...alert, version: 2, removed: 900, length: 1000 }]);
    await world.done(world.server.vandalism.dismiss("doc", 2, callerOf("ann", "owner")));
    world.restart();
    expect((await joinWithAlerts(world, "ann", "ann-4")).all("alert")).toEqual([]);
    const [listed] = await world.done(world.server.vandalism.list("doc"));
    expect(listed).toMatchObject({ version: 2, settled: { how: "dismissed", by: "ann" } });
    await world.clock.advance(86_400_000);
    expect(await world.done(world.server.vandalism.list("doc"))).toEqual([]);
  });

  it("L4: storage that fails harms neither the edit nor the alert; reading is tried again", async () => {
    const { world, ann, bob } = await pageOf();
    const { auditRecords, audit } = world.store;
    world.store.audit = () => Promise.reject(new Error("no disk"));
    bob.submit(1, 1, [{ delete: 900 }]);
    await world.quiet();
    expect(bob.last("committed").version).toBe(2);
    expect(ann.all("alert")).toHaveLength(1);
    world.store.audit = audit;

    world.restart();
    world.store.auditRecords = () => Promise.reject(new Error("no disk"));
    expect((await joinWithAlerts(world, "cem")).all("opened")).toHaveLength(1);
    world.store.auditRecords = auditRecords;
    await world.done(world.server.vandalism.list("doc"));
    expect(await textOf(world)).toHaveLength(100);
  });

  it("L4: whoever caused an alert can't make it go away; the owner of the document may", async () => {
    const { world, bob } = await pageOf();
    bob.submit(1, 1, [{ delete: 900 }]);
    await world.quiet();
    const dismiss = (id: string, role?: "owner") =>
      world.done(world.server.vandalism.dismiss("doc", 2, callerOf(id, role)));
    await expect(dismiss("bob")).rejects.toMatchObject({ code: "forbidden" });
    await expect(world.done(world.server.vandalism.dismiss("doc", 3, callerOf("ann")))).rejects.toMatchObject({
      code: "not_found",
    });
    expect((await dismiss("bob", "owner")).settled).toMatchObject({ how: "dismissed", by: "bob" });
    // Settled is settled.
    expect((await dismiss("ann")).settled).toMatchObject({ by: "bob" });
  });
});
