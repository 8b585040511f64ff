import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openSqlite, temporaryFolder } from "./temporary-store.js";

const WRITER = fileURLToPath(new URL("./killed-writer.mjs", import.meta.url));
const ALL = Number.POSITIVE_INFINITY;

/** Runs the writer and kills it with SIGKILL after `lines` acknowledgements; returns all that it said. */
async function runAndKill(file: string, lines: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [WRITER, file], { stdio: ["ignore", "pipe", "inherit"] });
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (said.length === lines) child.kill("SIGKILL");
  }
  return said;
}

test("kill -9 in the middle of writing keeps everything acknowledged, again and again (1)", async () => {
  const folder = temporaryFolder();
  const acknowledged = new Map<string, number>();
  for (const lines of [3, 40, 100, 401, 77]) {
    const said = await runAndKill(folder.file, lines);
    expect(said.length).toBeGreaterThanOrEqual(lines);
    for (const line of said) {
      const [, document = "", version, outcome] =
        /^(\S+) (\d+) (stored|conflict|fenced|unknown_document)$/.exec(line) ?? [];
      // The last line may be torn by the kill.
      if (outcome === undefined && line === said.at(-1)) continue;
      expect(outcome).toBe("stored");
      acknowledged.set(document, Number(version));
    }
    const store = await openSqlite(folder.file);
    for (const [document, version] of acknowledged) {
      const found = await store.operations(document, 0, ALL, ALL);
      expect(found.length).toBeGreaterThanOrEqual(version);
      expect(found.map((stored) => stored.sequence)).toEqual(found.map((_, index) => index + 1));
    }
    await store.close();
  }
  folder.remove();
});
