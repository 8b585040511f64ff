#!/usr/bin/env node
import { setTimeout as pause } from "node:timers/promises";
import type { Operation } from "@tutti/ot";
import type { Clock } from "@tutti/protocol";
import { createServer, silentLog, type TuttiServer } from "@tutti/server";
import { MemoryDisk, MemoryStore, SeededRandom } from "@tutti/testkit";
import { Endpoint } from "./endpoint.js";

/** Operations that somebody missed. */
const MISSED = 10_000;
/** Letters of the document before, where edits are scattered. */
const LENGTH = 300_000;
const ONE_INSERT = 90_000;

const clock: Clock = {
  now: () => performance.now(),
  schedule(delay, task) {
    const timer = setTimeout(task, delay);
    return () => clearTimeout(timer);
  },
};

const write = (line: string): void => void process.stdout.write(`${line}\n`);

function startServer(): TuttiServer {
  const disk = new MemoryDisk();
  const [createdAt, updatedAt] = [1, 1];
  disk.createDocument({
    id: "doc",
    title: "Catch up",
    kind: "plain",
    identicalInserts: "merge",
    createdBy: "a",
    createdAt,
    updatedAt,
  });
  const store = new MemoryStore(disk, { clock, random: new SeededRandom(1), latency: [0, 0] });
  const authenticator = { verify: async (token: string) => ({ id: token, name: token }) };
  return createServer({ store, clock, random: new SeededRandom(2), log: silentLog, authenticator, rateLimits: false });
}

/** Commits operations one after the other; returns the version after them. */
async function writeAll(server: TuttiServer, length: number, edits: readonly Operation[]): Promise<number> {
  const author = new Endpoint(server);
  await author.ask({ type: "hello", token: "author" }, "welcome");
  await author.ask({ type: "open", document: "doc", client: "author-1" }, "opened");
  await pause(10);
  const content = Array.from({ length: Math.ceil(length / ONE_INSERT) }, (_, index): Operation => {
    return [{ insert: "lorem ipsum ".repeat(ONE_INSERT).slice(0, Math.min(ONE_INSERT, length - index * ONE_INSERT)) }];
  });
  for (const [version, operation] of [...content, ...edits].entries()) {
    await author.ask({ type: "submit", document: "doc", sequence: version + 1, version, operation }, "committed");
  }
  return content.length;
}

async function measure(server: TuttiServer, name: string, version: number, pieces: boolean): Promise<void> {
  const reader = new Endpoint(server);
  await reader.ask({ type: "hello", token: name }, "welcome");
  const before = reader.bytes;
  const started = performance.now();
  const opened = await reader.ask({ type: "open", document: "doc", client: name, version, pieces }, "opened");
  const milliseconds = performance.now() - started;
  const changes = opened.changes?.length ?? 0;
  write(`| ${name} | ${changes} | ${(reader.bytes - before).toLocaleString("en-GB")} | ${milliseconds.toFixed(0)} |`);
}

const random = new SeededRandom(5);
const letter = (index: number): string => "abcdefghij".charAt(index % 10);
const typed = Array.from({ length: MISSED }, (_, index): Operation => {
  return index === 0 ? [{ insert: letter(index) }] : [{ retain: index }, { insert: letter(index) }];
});
const scattered = Array.from({ length: MISSED }, (_, index): Operation => {
  return [{ retain: random.between(1, LENGTH) }, { insert: letter(index) }];
});

write("| what was missed | changes | bytes | ms |\n| --- | ---: | ---: | ---: |");
for (const [name, length, edits] of [["typed", 0, typed] as const, ["scattered", LENGTH, scattered] as const]) {
  const server = startServer();
  const version = await writeAll(server, length, edits);
  await measure(server, `${name}, one by one`, version, false);
  await measure(server, `${name}, composed`, version, true);
  await measure(server, `${name}, composed again`, version, true);
}
process.exit(0);
