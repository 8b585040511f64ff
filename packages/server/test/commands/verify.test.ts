import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CommandWorld } from "./world.js";

let world: CommandWorld;
beforeEach(async () => {
  world = new CommandWorld();
  await world.fill({ a: { operations: 40, snapshots: [10, 30] }, b: { operations: 5 }, empty: { operations: 0 } });
});
afterEach(() => world.remove());

const problems = async (...words: readonly string[]) => {
  const { code, results } = await world.run("verify", "--json", ...words);
  return { code, found: JSON.parse(results.join("\n")).problems as readonly Record<string, unknown>[] };
};

describe("D4: tutti verify", () => {
  it("replays everything and finds it sound, beside a running server too", async () => {
    const server = await world.open();
    const { code, results } = await world.run("verify");
    await server.close();
    expect([code, results]).toEqual([0, ["3 documents, 45 operations, 2 snapshots: all sound"]]);
    expect((await world.run("verify", "b")).results).toEqual(["1 documents, 5 operations, 0 snapshots: all sound"]);
  });

  it("an id that is none is a problem", async () => {
    const { code, notes } = await world.run("verify", "nope");
    expect([code, notes]).toEqual([1, ['tutti: there is no document "nope"']]);
  });

  it("changes no byte of the database", async () => {
    const before = readFileSync(join(world.data, "tutti.sqlite"));
    await world.run("verify");
    expect(readFileSync(join(world.data, "tutti.sqlite")).equals(before)).toBe(true);
  });

  it("names an operation whose bytes changed, and goes on behind it", async () => {
    world.damage("UPDATE operations SET operation = x'00' WHERE document = 'a' AND version = 7");
    const { code, found } = await problems();
    expect([code, found.map(({ document, kind, version }) => [document, kind, version])]).toEqual([
      1,
      [["a", "damaged", 7]],
    ]);
  });

  it("names every damaged operation, also several of them", async () => {
    world.damage("UPDATE operations SET operation = x'00' WHERE document = 'a' AND version IN (7, 8, 33)");
    const { found } = await problems("a");
    expect(found.map(({ version }) => version)).toEqual([7, 8, 33]);
  });

  it("names an operation that is gone", async () => {
    world.damage("DELETE FROM operations WHERE document = 'b' AND version = 5");
    const { found } = await problems();
    expect(found.map(({ document, version }) => [document, version])).toEqual([["b", 5]]);
  });

  it("names a damaged segment once, and goes on behind it from the next snapshot", async () => {
    const store = await world.open();
    await store.compact("a", 20);
    await store.close();
    expect(await problems("a")).toEqual({ code: 0, found: [] });
    world.damage("UPDATE segments SET bytes = x'00' WHERE document = 'a'");
    world.damage("UPDATE operations SET operation = x'00' WHERE document = 'a' AND version = 35");
    const { found } = await problems("a");
    expect(found.map(({ kind, version }) => [kind, version])).toEqual([
      ["segment", 1],
      ["damaged", 35],
    ]);
  });

  it("names a damaged snapshot, and one that is gone is no problem", async () => {
    world.damage("UPDATE snapshots SET checksum = checksum + 1 WHERE version = 30");
    expect((await problems()).found).toMatchObject([{ document: "a", kind: "snapshot", version: 30 }]);
    world.damage("DELETE FROM snapshots");
    expect(await problems()).toEqual({ code: 0, found: [] });
  });

  it("names a client that the store takes for behind what it wrote (S2)", async () => {
    world.damage("DELETE FROM clients WHERE document = 'b'");
    expect((await problems()).found).toMatchObject([{ document: "b", kind: "client" }]);
  });

  it("names a record that changed", async () => {
    world.damage("UPDATE documents SET version = 4 WHERE id = 'b'");
    const { code, found } = await problems("a");
    expect([code, found]).toEqual([0, []]);
    expect((await world.run("verify")).code).not.toBe(0);
  });
});

describe("D4: tutti inspect", () => {
  it("shows record, log, snapshots, clients and the last operations", async () => {
    const { code, results } = await world.run("inspect", "a", "--last", "2");
    const text = results.join("\n");
    expect(code).toBe(0);
    expect(text).toMatch(/^version +40$/m);
    expect(text).toMatch(/^snapshots +2, \d+ B: 10, 30$/m);
    expect(text).toMatch(/tab-1 +ada +40 operations/);
    expect(text).toMatch(/40 +\S+ +tab-1 +#40 +retain 39, insert "a"/);
    expect(text).toContain("last operations: 2");
  });

  it("--json has it all; an unknown document is a problem", async () => {
    const { results } = await world.run("inspect", "b", "--json", "--last", "0");
    expect(JSON.parse(results.join("\n"))).toMatchObject({
      version: 5,
      snapshots: [],
      latest: [],
      record: { id: "b" },
    });
    expect((await world.run("inspect", "nope")).code).toBe(1);
  });
});

describe("tutti doctor", () => {
  const states = async (...words: readonly string[]) => {
    const { code, results } = await world.run("doctor", "--json", "--port", "0", ...words);
    const findings = JSON.parse(results.join("\n")) as readonly { name: string; state: string; message: string }[];
    return { code, of: (name: string) => findings.find((finding) => finding.name === name) };
  };

  it("finds all well where it is", async () => {
    const { code, of } = await states();
    expect([code, of("database")]).toMatchObject([
      0,
      { state: "ok", message: expect.stringContaining("structure sound") },
    ]);
    expect(of("Node")?.state).toBe("ok");
    expect(of("durable commit")?.message).toMatch(/ms$/);
  });

  it("finds nothing wrong with a folder that is not there yet, and makes none", async () => {
    const data = join(world.root, "later");
    const { code, of } = await states("--data", data);
    expect([code, of("data folder")?.message]).toEqual([0, `${data} will be made at the first start`]);
  });

  it("finds what is wrong", async () => {
    world.damage("PRAGMA user_version = 99");
    mkdirSync(join(world.root, "open"), { mode: 0o755 });
    world.environment["TUTTI_PROT"] = "1";
    const { code, of } = await states();
    expect([code, of("database")?.state, of("configuration")?.state]).toEqual([1, "problem", "warning"]);
    const open = await states("--data", join(world.root, "open"));
    expect(open.of("data folder")?.state).toBe("warning");
  });

  it("a wrong configuration is a finding", async () => {
    world.environment["TUTTI_DRAIN"] = "soon";
    const { code, results } = await world.run("doctor");
    expect([code, results.length]).toEqual([1, 1]);
    expect(results[0]).toContain("drain (environment TUTTI_DRAIN)");
  });
});
