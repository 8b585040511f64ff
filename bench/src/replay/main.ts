#!/usr/bin/env node
import { basename } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { OwnServer } from "./own-server.js";
import { Progress } from "./progress.js";
import { type ReplayResult, replay } from "./replay.js";
import { folderSize, reportLines } from "./report.js";
import { readTrace, type Trace } from "./trace.js";

interface Flags {
  readonly trace: string;
  readonly clients: number;
  readonly url: string;
  readonly kind: "plain" | "rich";
  readonly seed: number;
  readonly data?: string;
  readonly spawn?: true;
  readonly kills: number;
}

const DIFFERENT = 1;
const FAILED = 2;

const natural = (text: string): number => {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError("expected an integer from 0");
};
const positive = (text: string): number => {
  const value = natural(text);
  if (value > 0) return value;
  throw new InvalidArgumentError("expected an integer from 1");
};

const command = new Command("replay")
  .description("Replays a recorded editing session through real clients into a running server and compares the text.")
  .requiredOption("--trace <file>", "a sequential recording: JSON, gzipped or not")
  .option("--clients <number>", "1: one client at full speed; more: they take turns", positive, 1)
  .option("--url <url>", "of the server", "http://127.0.0.1:4400")
  .addOption(new Option("--kind <kind>", "of the new document").choices(["plain", "rich"]).default("plain"))
  .option("--seed <number>", "decides the lengths of turns", natural, 1)
  .option("--data <folder>", "the server's data folder, to report how much it grew")
  .addOption(new Option("--spawn", "start a server for this replay, on a temporary folder").conflicts(["url", "data"]))
  .option("--kills <number>", "with --spawn: kill it with SIGKILL and start it again so often on the way", natural, 0);

async function main(): Promise<number> {
  const flags = command.parse().opts<Flags>();
  if (flags.kills > 0 && flags.spawn !== true) command.error("error: --kills needs --spawn", { exitCode: FAILED });
  const trace = await readTrace(flags.trace);
  if (flags.spawn !== true) return run(trace, flags);
  const server = await OwnServer.start();
  const interrupted = (): void => {
    void server.dispose().finally(() => process.exit(FAILED));
  };
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  try {
    return await run(trace, { ...flags, url: server.url, data: server.data }, () => server.killAndRestart());
  } finally {
    await server.dispose();
  }
}

async function run(trace: Trace, flags: Flags, killAndRestart?: () => Promise<void>): Promise<number> {
  const { kills: count, data, ...rest } = flags;
  const now = (): number => performance.now();
  const before = data === undefined ? undefined : await folderSize(data);
  const progress = new Progress(process.stdout, trace.transactions.length, now);
  const result = await replay(trace, {
    ...rest,
    title: `Replay of ${basename(flags.trace)}`.slice(0, 200),
    now,
    progress: (done) => progress.update(done),
    ...(killAndRestart === undefined ? {} : { kills: { count, killAndRestart } }),
  });
  progress.finish();
  const after = data === undefined ? undefined : await folderSize(data);
  const disk = after === undefined ? undefined : after - (before ?? 0);
  process.stdout.write(`${reportLines(result, disk).join("\n")}\n`);
  return exitCode(result);
}

const exitCode = (result: ReplayResult): number => (result.differences.length === 0 ? 0 : DIFFERENT);

try {
  process.exitCode = await main();
} catch (error) {
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
  process.stderr.write(`replay: ${error instanceof Error ? error.message : String(error)}${cause}\n`);
  process.exitCode = FAILED;
}
