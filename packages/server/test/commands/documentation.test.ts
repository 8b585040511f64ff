import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EXIT_CODES } from "../../src/commands/exit-codes.js";
import { isReady, isServing, type Level, normal } from "../../src/protection/condition.js";
import { CommandWorld } from "./world.js";

const LIMITS = readFileSync(new URL("../../../../docs/limits.md", import.meta.url), "utf8");
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

describe("docs/limits.md", () => {
  it("says what /healthz and /readyz answer at each level", () => {
    const listed = [...LIMITS.matchAll(/^\| (\d) [a-z][^|]*\|.*\| (\d+) \| (\d+) \|$/gm)].map((match) =>
      match.slice(1).map(Number),
    );
    const answers = ([0, 1, 2, 3, 4, 5] as const).map((level: Level) => {
      const condition = { ...normal(0), level } as Parameters<typeof isReady>[0];
      return [level, isServing(condition) ? 200 : 503, isReady(condition) ? 200 : 503];
    });
    expect(listed).toEqual(answers);
  });
});
