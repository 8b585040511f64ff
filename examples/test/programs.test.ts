import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { TuttiClient } from "@tutti/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ServerProcess } from "../../e2e/server-process.js";

const SECRET = "a secret that is long enough for tests only";
const server = new ServerProcess();
const children: ChildProcess[] = [];
const folders: string[] = [];

interface Run {
  readonly child: ChildProcess;
  readonly lines: readonly string[];
  /** Resolves at the first line that fits; rejects when the program ends before. */
  said(pattern: RegExp): Promise<string>;
  /** Resolves when the program has ended, with its exit code. */
  readonly ended: Promise<number | null>;
}

/** Starts an example as it is built, as the README says. */
function start(name: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Run {
  const program = fileURLToPath(new URL(`../dist/${name}/main.js`, import.meta.url));
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, TUTTI_URL: server.url, TUTTI_SECRET: SECRET, ...env },
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

async function linesOf(name: string, args?: readonly string[], env?: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const { lines, ended } = start(name, args, env);
  expect(await ended, lines.join("\n")).toBe(0);
  return lines;
}

/** Somebody's machine, which remembers documents from run to run, and a new document. */
async function device() {
  const folder = mkdtempSync(join(tmpdir(), "tutti-device-"));
  folders.push(folder);
  const token = await server.signIn("Ada");
  const id = await server.createDocument(token, "plain");
  const run = (name: string, text: string, env: NodeJS.ProcessEnv = {}) =>
    linesOf(name, [id, text], { TUTTI_TOKEN: token, TUTTI_FOLDER: folder, ...env });
  return { token, id, run };
}

describe("examples that run in Node", { timeout: 60_000 }, () => {
  beforeAll(async () => {
    process.env["TUTTI_SECRET"] = SECRET;
    await server.start();
  });
  afterAll(async () => {
    for (const child of children) child.kill("SIGKILL");
    for (const folder of folders) rmSync(folder, { recursive: true });
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
    expect(lines).toContainEqual(expect.stringMatching(/^Grace, editing in 1 tab on a program, \d+ s ago$/));
  });

  it("crowds takes the place of the other one, and gives it back when they ask", async () => {
    const lines = await linesOf("crowds");
    expect(lines).toContainEqual(expect.stringMatching(/^moderated: 2 here, 1 of \d+ edit; I am viewing/));
    expect(lines).toContainEqual(expect.stringMatching(/^moderated: 2 here, 2 of \d+ edit; I am editing/));
    expect(lines.at(-1)).toBe("written: A question");
  });

  it("undo takes back my edits only", async () => {
    expect(await linesOf("undo")).toEqual(["yours ", "yours mine ", "yours mine one two"]);
  });

  it("offline sends what an earlier run could not", async () => {
    const ada = await device();
    expect(await ada.run("offline", "at the station, ")).toEqual(["true at the station, ", "saved"]);
    // Nobody listens there.
    const train = await ada.run("offline", "on the train", { TUTTI_URL: "http://127.0.0.1:9" });
    expect(train).toEqual(["true at the station, on the train", "sent the next time"]);
    expect(await ada.run("offline", "")).toEqual(["true at the station, on the train", "saved"]);
    expect(await server.text(ada.token, ada.id)).toBe("at the station, on the train");
  });

  it("conflict makes a copy of what was written into a document that is gone", async () => {
    const ada = await device();
    await ada.run("offline", "a plan");
    const headers = { authorization: `Bearer ${ada.token}` };
    expect((await fetch(`${server.url}/v1/documents/${ada.id}`, { method: "DELETE", headers })).status).toBe(204);
    expect(await ada.run("conflict", " and how")).toEqual(["deleted", "a plan and how"]);
  });

  it("errors says what went wrong", async () => {
    expect(await linesOf("errors")).toEqual(["not_found false", "OperationError", "Saved"]);
  });

  it("node-bot answers in the document, and leaves when it is told to", async () => {
    const token = await server.signIn("Ada");
    const id = await server.createDocument(token, "plain");
    const bot = start("node-bot", [id]);
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
