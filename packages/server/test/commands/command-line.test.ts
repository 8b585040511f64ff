import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { progressLine } from "../../src/commands/progress.js";
import { roughSize } from "../../src/commands/size.js";
import { CommandWorld } from "./world.js";

let world: CommandWorld;
beforeEach(() => {
  world = new CommandWorld();
});
afterEach(() => world.remove());

describe("the command line", () => {
  it("--help lists all commands and the exit codes", async () => {
    const { code, results } = await world.run("--help");
    const text = results.join("\n");
    expect(code).toBe(0);
    for (const name of ["serve", "verify", "inspect", "backup", "restore", "config", "doctor"]) {
      expect(text).toMatch(new RegExp(`^  ${name} `, "m"));
    }
    expect(text).toContain("Exit codes: 0 all is well");
  });

  it("each command explains itself", async () => {
    for (const name of ["serve", "verify", "inspect", "backup", "restore", "config", "doctor"]) {
      const { code, results } = await world.run(name, "--help");
      expect([name, code]).toEqual([name, 0]);
      expect(results.join("\n")).toContain("--data <folder>");
    }
  });

  it.each([
    [["verfy"], "did you mean verify?"],
    [["banana"], "`tutti --help` lists them"],
    [["verify", "--jsn"], "--json"],
    [["inspect"], "missing required argument"],
    [["config", "--port", "many"], "port (flag --port): expected a whole number"],
  ])("%j is wrong usage", async (words, text) => {
    const { code, notes, results } = await world.run(...words);
    expect([code, results]).toEqual([2, []]);
    expect(notes.join("\n")).toContain(text);
  });

  it.each(["verify", "backup"])("%s says when there is no database, and makes none", async (name) => {
    const { code, notes } = await world.run(name, ...(name === "backup" ? [world.root] : []));
    expect(code).toBe(3);
    expect(notes[0]).toContain("there is no database");
    await expect(world.run("verify")).resolves.toMatchObject({ code: 3 });
  });

  it("reading never migrates: a database of another schema is refused", async () => {
    await world.fill({ a: { operations: 1 } });
    world.damage("PRAGMA user_version = 99");
    const { code, notes } = await world.run("verify");
    expect(code).toBe(3);
    expect(notes[0]).toContain("use a newer release");
    world.damage("PRAGMA user_version = 0");
    expect((await world.run("verify")).notes[0]).toContain("start the server once");
  });
});

describe("tutti config", () => {
  it("prints every value with where it comes from, and no secret", async () => {
    world.environment["TUTTI_SECRET"] = "a secret that is long enough, really";
    const { code, results, notes } = await world.run("config", "--port", "5000");
    expect([code, notes]).toEqual([0, []]);
    expect(results.find((line) => line.startsWith("port"))).toMatch(/^port +5000 +flag --port$/);
    expect(results.find((line) => line.startsWith("secret"))).toMatch(/^secret +\*\*\* +environment TUTTI_SECRET$/);
    expect(results.find((line) => line.startsWith("drain"))).toMatch(/^drain +1 min +default$/);
    expect(results.join()).not.toContain("long enough");
  });

  it("--json has values as the program uses them", async () => {
    world.environment["TUTTI_DATABASE_URL"] = "postgres://ann:hunter2@host/db";
    world.environment["TUTTI_PROT"] = "1";
    const { results, notes } = await world.run("config", "--json");
    const { settings } = JSON.parse(results.join("\n"));
    const byName = new Map(settings.map((setting: { name: string }) => [setting.name, setting]));
    expect(byName.get("drain")).toEqual({ name: "drain", value: 60_000, source: { kind: "default" }, secret: false });
    expect(byName.get("databaseUrl")).toMatchObject({ value: "postgres://ann:***@host/db", secret: true });
    expect(notes).toEqual(["warning: TUTTI_PROT is no setting; did you mean TUTTI_PORT?"]);
  });
});

describe("sizes", () => {
  it("are as people say them", () => {
    expect([0, 999, 1000, 5_333_231, 53_332_310, 2_000_000_000].map(roughSize)).toEqual([
      "0 B",
      "999 B",
      "1.0 kB",
      "5.3 MB",
      "53 MB",
      "2.0 GB",
    ]);
  });
});

describe("progress", () => {
  it("is a bar, or a count where nobody knows the end", () => {
    expect(progressLine(5, 20, "documents", "abc")).toBe("[######------------------]  25 % · 5 of 20 documents · abc");
    expect(progressLine(5, undefined, "documents", "")).toBe("5 documents");
  });
});
