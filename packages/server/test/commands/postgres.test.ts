import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PostgresServer, startPostgres } from "../storage/postgres-server.js";
import { CommandWorld } from "./world.js";

describe("commands on PostgreSQL", () => {
  const world = new CommandWorld();
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
    await world.fill({ a: { operations: 520, snapshots: [500] }, b: { operations: 3 }, empty: { operations: 0 } });
  });
  afterAll(async () => {
    world.remove();
    await server.remove();
  });

  /** Runs a command with PostgreSQL in its configuration. */
  async function onPostgres(url: string, ...words: readonly string[]) {
    world.environment["TUTTI_DATABASE_URL"] = url;
    try {
      return await world.run(...words);
    } finally {
      delete world.environment["TUTTI_DATABASE_URL"];
    }
  }

  it("D4: a backup moves everything from SQLite to PostgreSQL and back", async () => {
    const url = await server.createDatabase();
    const [there, back] = [join(world.root, "there.gz"), join(world.root, "back.gz")];
    expect((await world.run("backup", there)).code).toBe(0);
    const restored = await onPostgres(url, "restore", there);
    expect(restored).toMatchObject({ code: 0, results: ["restored 3 documents, 523 operations, verified"] });
    expect((await onPostgres(url, "restore", there)).code).toBe(4);
    expect(await onPostgres(url, "verify")).toMatchObject({ code: 0, results: [expect.stringContaining("all sound")] });
    expect((await onPostgres(url, "inspect", "a")).results.join("\n")).toMatch(/^version +520$/m);
    expect((await onPostgres(url, "backup", back)).code).toBe(0);
    expect((await world.run("restore", back, "--data", join(world.root, "again"))).code).toBe(0);
    const [before, after] = [await world.open(), await world.open(join(world.root, "again"))];
    expect(await after.documents(9)).toEqual(await before.documents(9));
    expect(await after.operations("a", 0, 520, 520)).toEqual(await before.operations("a", 0, 520, 520));
    await before.close();
    await after.close();
  });

  it("doctor asks PostgreSQL, and says when it does not answer", async () => {
    const state = async (url: string) => {
      const { results } = await onPostgres(url, "doctor", "--json", "--port", "0");
      const findings = JSON.parse(results.join("\n")) as readonly { name: string; state: string }[];
      return findings.find(({ name }) => name === "database")?.state;
    };
    expect(await state(await server.createDatabase())).toBe("ok");
    expect(await state("postgres://tutti:wrong@127.0.0.1:1/none")).toBe("problem");
    expect((await onPostgres("postgres://tutti:wrong@127.0.0.1:1/none", "verify")).code).toBe(3);
  });
});
