import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { TuttiClient } from "@tutti/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ServerProcess } from "../../e2e/server-process.js";

const SECRET = "a secret that is long enough for tests only";
const server = new ServerProcess();
const children: ChildProcess[] = [];

interface Run {
  readonly child: ChildProcess;
  readonly lines: readonly string[];
  /** Resolves at the first line that fits; rejects when the program ends before. */
  said(pattern: RegExp): Promise<string>;
  /** Resolves when the program has ended, with its exit code. */
  readonly ended: Promise<number | null>;
}

/** Starts an example as it is built, as the README says. */
function start(name: string, ...args: string[]): Run {
  const program = fileURLToPath(new URL(`../dist/${name}/main.js`, import.meta.url));
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, TUTTI_URL: server.url, TUTTI_SECRET: SECRET },
  });
  children.push(child);
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on("line", (line) => lines.push(line));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const said = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      reader.on("line", (line) => pattern.test(line) && resolve(line));
      void ended.then((code) => reject(new Error(`${name} ended with ${code}: ${lines.join("\n")}`)));
    });
  return { child, lines, said, ended };
}

async function linesOf(name: string): Promise<readonly string[]> {
  const { lines, ended } = start(name);
  expect(await ended, lines.join("\n")).toBe(0);
  return lines;
}

describe("examples that run in Node", { timeout: 60_000 }, () => {
  beforeAll(async () => {
    process.env["TUTTI_SECRET"] = SECRET;
    await server.start();
  });
  afterAll(async () => {
    for (const child of children) child.kill("SIGKILL");
    await server.dispose();
  });

  it("quick-start writes and saves", async () => {
    expect(await linesOf("quick-start")).toEqual(["local: Hello"]);
  });

  it("authentication signs in with a token of its own, and again after it was refused", async () => {
    expect(await linesOf("authentication")).toEqual(["Ada was here", "again: Ada was here"]);
  });

  it("presence shows where the other one is, also after the text has moved", async () => {
    const lines = await linesOf("presence");
    expect(lines.at(-1)).toBe("Grace is at 16");
    expect(lines).toContainEqual(expect.stringMatching(/^Grace #[0-9a-f]{6} 9$/));
  });

  it("undo takes back my edits only", async () => {
    expect(await linesOf("undo")).toEqual(["yours ", "yours mine ", "yours mine one two"]);
  });

  it("offline sends what an earlier program typed without a network", async () => {
    expect(await linesOf("offline")).toEqual(["1 true", "at the station, on the train"]);
  });

  it("conflict keeps the text of a document that was deleted meanwhile", async () => {
    expect(await linesOf("conflict")).toEqual(["deleted", "a plan and how to carry it out"]);
  });

  it("errors says what went wrong", async () => {
    expect(await linesOf("errors")).toEqual(["not_found false", "OperationError", "Saved"]);
  });

  it("node-bot answers in the document, and leaves when it is told to", async () => {
    const token = await server.signIn("Ada");
    const id = await server.createDocument(token, "plain");
    const bot = start("node-bot", id);
    await bot.said(/^listening in /);

    const client = new TuttiClient({ url: server.url, token });
    const doc = client.open(id);
    await doc.ready;
    const answered = new Promise<void>((resolve) => {
      doc.on("change", ({ origin }) => origin === "remote" && resolve());
    });
    doc.insert(0, "one two three /count");
    await answered;
    expect(doc.text()).toBe("one two three 3");
    client.close();

    bot.child.kill("SIGTERM");
    expect(await bot.ended).toBe(0);
  });
});
