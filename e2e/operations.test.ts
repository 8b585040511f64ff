import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { TuttiClient } from "@tutti/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { ServerProcess } from "./server-process.js";

const COMMAND = fileURLToPath(new URL("../packages/server/bin/tutti.js", import.meta.url));
const WRITERS = 8;
const TOKENS = 60;

/** Runs `tutti …` to its end. */
async function tutti(...words: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [COMMAND, ...words]);
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  }
}

/** Types one token after another, each as soon as the one before is durable. */
async function write(client: TuttiClient, document: string, name: string, saved: Set<string>): Promise<void> {
  const handle = client.open(document);
  await handle.ready;
  for (let index = 0; index < TOKENS; index += 1) {
    const token = `${name}${index};`;
    handle.insert(handle.length, token);
    await handle.saved();
    saved.add(token);
  }
}

describe("an operator's day, with real processes", { timeout: 120_000 }, () => {
  const server = new ServerProcess();
  beforeAll(() => server.start());
  afterAll(() => server.dispose());

  it("S9: SIGTERM under writers ends with 0; nothing is lost or doubled, and everybody comes back", async () => {
    const token = await server.signIn("Writer");
    const document = await server.createDocument(token, "plain");
    const saved = new Set<string>();
    const clients = Array.from({ length: WRITERS }, () => new TuttiClient({ url: server.url, token, WebSocket }));
    const writing = Promise.all(
      clients.map((client, index) => write(client, document, String.fromCharCode(97 + index), saved)),
    );
    while (saved.size < (WRITERS * TOKENS) / 3) await new Promise((resolve) => setImmediate(resolve));
    const before = [...saved];
    expect(await server.kill("SIGTERM")).toBe(0);
    await server.start();
    const text = await server.text(token, document);
    expect(before.filter((one) => text.split(one).length !== 2)).toEqual([]);
    await writing;
    const end = await server.text(token, document);
    expect(end.length).toBe([...saved].join("").length);
    expect([...saved].filter((one) => end.split(one).length !== 2)).toEqual([]);
    for (const client of clients) client.close();
  });

  it("S9: a peer that answers nothing doesn't keep the server from ending", async () => {
    const silent = new WebSocket(`${server.url.replace("http", "ws")}/v1/connect`, ["tutti.v1+json"]);
    await new Promise((resolve) => silent.once("open", resolve));
    silent.pause();
    const started = Date.now();
    expect(await server.kill("SIGTERM")).toBe(0);
    expect(Date.now() - started).toBeLessThan(10_000);
    silent.terminate();
    await server.start();
  });

  it("S9: a second signal hurries, and what was acknowledged is there", async () => {
    const token = await server.signIn("Writer");
    const document = await server.createDocument(token, "plain");
    const client = new TuttiClient({ url: server.url, token, WebSocket });
    const handle = client.open(document);
    await handle.ready;
    handle.insert(0, "last words");
    await handle.saved();
    expect(await Promise.all([server.kill("SIGTERM"), server.kill("SIGTERM")])).toEqual([0, 0]);
    await server.start();
    expect(await server.text(token, document)).toBe("last words");
    client.close();
  });

  it("D4: backup and verify beside a running server; restore into an empty folder", async () => {
    const token = await server.signIn("Writer");
    const document = await server.createDocument(token, "plain");
    const client = new TuttiClient({ url: server.url, token, WebSocket });
    const saved = new Set<string>();
    const writing = write(client, document, "w", saved);
    while (saved.size < 5) await new Promise((resolve) => setImmediate(resolve));
    const file = join(server.data, "backup.jsonl.gz");
    const backup = await tutti("backup", file, "--data", server.data);
    expect(backup).toMatchObject({ code: 0, output: expect.stringContaining("verified") });
    await writing;
    expect(await tutti("verify", "--data", server.data)).toMatchObject({
      code: 0,
      output: expect.stringContaining("all sound"),
    });
    const target = join(server.data, "restored");
    expect(await tutti("restore", file, "--data", target)).toMatchObject({ code: 0 });
    expect(await tutti("inspect", document, "--data", target)).toMatchObject({ code: 0 });
    client.close();
  });

  it("a data folder belongs to one server, and restore keeps off it", async () => {
    const second = await tutti("serve", "--port", "0", "--data", server.data);
    expect(second).toMatchObject({ code: 3, output: expect.stringContaining("another process") });
    const file = join(server.data, "backup.jsonl.gz");
    expect(await tutti("restore", file, "--force", "--data", server.data)).toMatchObject({ code: 4 });
    expect((await tutti("doctor", "--data", server.data, "--port", new URL(server.url).port)).code).toBe(0);
  });
});
