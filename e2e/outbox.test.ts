import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { TuttiClient } from "@tutti/client";
import { SeededRandom } from "@tutti/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ServerProcess } from "./server-process.js";

const KILLS = 8;
/** Before this one of them the server is killed too. */
const SERVER_KILL = 4;

describe("a program that keeps its edits in a folder (C3)", { timeout: 120_000 }, () => {
  const server = new ServerProcess();
  const folder = mkdtempSync(join(tmpdir(), "tutti-outbox-"));
  beforeAll(() => server.start());
  afterAll(async () => {
    await server.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  it(`is killed ${KILLS} times while it writes, and the server once: every durable line arrives, once, in order`, async () => {
    const random = new SeededRandom(1);
    const token = await server.signIn("Ann");
    const document = await server.createDocument(token, "plain");
    const start = (mode: string): ChildProcess =>
      fork(fileURLToPath(new URL("outbox-writer.mjs", import.meta.url)), [server.url, token, document, folder, mode], {
        execArgv: [],
      });
    const other = new TuttiClient({ url: server.url, token });
    const seen = other.open(document);
    await seen.ready;
    let durable = 0;
    for (let kill = 1; kill <= KILLS; kill += 1) {
      if (kill === SERVER_KILL) await server.kill();
      durable = await killAfter(start("count"), random.between(5, 60), (line) => {
        // Somebody else writes in front of it, so that everything has to be moved.
        if (line % 3 === 0) seen.insert(0, "x");
      });
      if (kill === SERVER_KILL) await server.start();
    }
    await exitOf(start("finish"));
    await seen.saved();
    other.close();
    const lines = (await server.text(token, document)).replaceAll("x", "").trim().split("\n").map(Number);
    expect(lines).toEqual(lines.map((_, index) => index + 1));
    expect(lines.length).toBeGreaterThanOrEqual(durable);
    expect(durable).toBeGreaterThan(KILLS * 5);
  });
});

/** Kills the writer when it has told so many lines. @returns the last line that it told */
async function killAfter(writer: ChildProcess, lines: number, heard: (line: number) => void): Promise<number> {
  let last = 0;
  let count = 0;
  return new Promise((resolve, reject) => {
    writer.on("message", (line: number) => {
      last = line;
      count += 1;
      heard(line);
      if (count === lines) writer.kill("SIGKILL");
    });
    writer.once("close", (code) =>
      code === null ? resolve(last) : reject(new Error(`the writer ended with ${code}`)),
    );
  });
}

async function exitOf(writer: ChildProcess): Promise<void> {
  const code = await new Promise((resolve) => writer.once("close", resolve));
  if (code !== 0) throw new Error(`the writer ended with ${String(code)}`);
}
