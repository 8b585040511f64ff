import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockFolder } from "../../src/storage/sqlite-folder-lock.js";
import { CommandWorld } from "./world.js";

let world: CommandWorld;
beforeEach(async () => {
  world = new CommandWorld();
  Object.assign(world.environment, { TUTTI_RETENTION_MOST_ROWS_AT_REST: "20", TUTTI_RETENTION_KEPT_ROWS: "10" });
  await world.fill({ a: { operations: 60, snapshots: [10, 30] }, b: { operations: 5 } });
});
afterEach(() => world.remove());

const segmentsOf = async (id: string) => {
  const store = await world.open();
  const segments = await store.segments(id);
  await store.close();
  return segments;
};

describe("H3: tutti compact", () => {
  it("packs old operations and loses none", async () => {
    const before = await world.open();
    const operations = await before.operations("a", 0, 60, 60);
    await before.close();
    const { code, results } = await world.run("compact", "--json");
    expect([code, JSON.parse(results.join())]).toMatchObject([0, { documents: 2, errors: 0, dryRun: false }]);
    expect(await segmentsOf("a")).toMatchObject([{ first: 1, last: 50 }]);
    const after = await world.open();
    const withoutChecksums = (list: readonly object[]) => list.map((each) => ({ ...each, checksum: 0 }));
    expect(withoutChecksums(await after.operations("a", 0, 60, 60))).toEqual(withoutChecksums(operations));
    await after.close();
    expect((await world.run("verify")).results).toEqual([expect.stringContaining("all sound")]);
    expect((await world.run("inspect", "a")).results.join("\n")).toMatch(
      /^segments +1, .* up to version 50; 0 of them/m,
    );
  });

  it("--dry-run says what it would do, does nothing, and works beside a server", async () => {
    const lock = lockFolder(world.data);
    const { code, results } = await world.run("compact", "--dry-run");
    lock.release();
    expect(code).toBe(0);
    expect(results).toContain("a: pack operations up to 50");
    expect(results.at(-1)).toMatch(/^2 documents, \d+ steps would be done$/);
    expect(await segmentsOf("a")).toEqual([]);
  });

  it("refuses beside a running server on SQLite", async () => {
    const lock = lockFolder(world.data);
    const { code, notes } = await world.run("compact");
    lock.release();
    expect([code, notes.join()]).toMatchObject([4, expect.stringContaining("TUTTI_COMPACT_EVERY")]);
  });

  it("moves old segments to the archive, from where every command reads them", async () => {
    world.environment["TUTTI_ARCHIVE"] = join(world.root, "archive");
    await world.run("compact");
    // The operations of the test are from 1970.
    await world.run("compact");
    expect(readdirSync(join(world.root, "archive"))).toEqual(["a"]);
    expect((await world.run("verify")).results).toEqual([expect.stringContaining("all sound")]);
    const file = join(world.root, "backup.gz");
    expect((await world.run("backup", file)).code).toBe(0);
    expect((await world.run("restore", file, "--data", join(world.root, "other"))).code).toBe(0);
    delete world.environment["TUTTI_ARCHIVE"];
    const { code, results } = await world.run("verify", "a");
    expect([code, results[0]]).toMatchObject([1, expect.stringContaining("a version 1: archived")]);
  });

  it("deletes what was in the trash for long, and goes on past a damaged document", async () => {
    const store = await world.open();
    await store.trashDocument("b", "ada", 1);
    await store.close();
    world.damage("UPDATE operations SET operation = x'00' WHERE document = 'a' AND version = 5");
    const { code, notes } = await world.run("compact");
    expect([code, notes.join()]).toMatchObject([1, expect.stringMatching(/^a: /)]);
    expect((await world.run("inspect", "b")).code).toBe(1);
  });

  it("says when there is no database, and makes no folder", async () => {
    expect(await world.run("compact", "--data", join(world.root, "none"))).toMatchObject({ code: 3 });
    expect(readdirSync(world.root)).toEqual(["data"]);
  });
});
