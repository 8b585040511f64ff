import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EXIT_CODES } from "../../src/commands/exit-codes.js";
import { CommandWorld } from "./world.js";

const PAGE = readFileSync(new URL("../../../../docs/operations.md", import.meta.url), "utf8");

describe("docs/operations.md", () => {
  it("lists every exit code, and no other", () => {
    const listed = [...PAGE.matchAll(/^\| (\d+) \|/gm)].map((match) => Number(match[1]));
    expect(listed).toEqual(Object.values(EXIT_CODES));
  });

  it("lists every command, and no other", async () => {
    const world = new CommandWorld();
    const help = (await world.run("--help")).results.join("\n");
    world.remove();
    const commands = [...help.matchAll(/^ {2}([a-z]+) .*$/gm)]
      .map((match) => match[1])
      .filter((name) => name !== "help");
    const listed = [...PAGE.matchAll(/^\| `tutti ([a-z]+)/gm)].map((match) => match[1]);
    expect(commands.length).toBeGreaterThan(6);
    expect(listed.sort()).toEqual(commands.sort());
  });
});
