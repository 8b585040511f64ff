#!/usr/bin/env node
import { Command } from "commander";
import { natural, positive } from "../faults/arguments.js";
import { openFilesLimit } from "./process-use.js";
import { describe, holds } from "./report.js";
import type { RestartSettings } from "./restart.js";
import { Stage } from "./stage.js";

interface Flags {
  readonly clients: number;
  readonly documents: number;
  readonly writers: number;
  readonly processes: number;
  readonly away: number;
  readonly patience: number;
  readonly seed: number;
  readonly only?: RestartSettings["how"];
}

const command = new Command("bench:herd")
  .description("Restarts a server under thousands of clients, and looks how they come back (S9, S10).")
  .option("--clients <number>", "each with a connection and a document", positive, 5000)
  .option("--documents <number>", "that they share", positive, 1000)
  .option("--writers <number>", "of the clients, who type all the time", natural, 100)
  .option("--processes <number>", "that the clients are spread over", positive, 4)
  .option("--away <milliseconds>", "that there is no server", natural, 2000)
  .option("--patience <milliseconds>", "to wait for everybody", positive, 120_000)
  .option("--seed <number>", "decides what is written where", natural, 1)
  .option("--only <how>", "kill or stop; left out: one after the other");

/** Files that a process has open besides its connections. */
const OTHER_FILES = 200;

function checkOpenFiles(clients: number): void {
  const limit = openFilesLimit("self");
  if (limit === undefined || limit >= clients + OTHER_FILES) return;
  throw new Error(
    `a process may have ${limit} files open here, and ${clients} connections need more: ` +
      `ulimit -n ${clients + OTHER_FILES}, or --clients ${Math.max(1, limit - OTHER_FILES)}`,
  );
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<boolean> {
  const { only, away, patience, ...settings } = command.parse().opts<Flags>();
  checkOpenFiles(settings.clients);
  const stage = await Stage.set({ ...settings, environment: {}, progress: say });
  try {
    let good = true;
    for (const how of only === undefined ? (["kill", "stop"] as const) : [only]) {
      const restart = await stage.restart({ how, away, patience });
      for (const line of describe(restart)) say(line);
      good &&= holds(restart);
    }
    const problems = await stage.audit();
    say(`${stage.acknowledged} acknowledged words; ${problems.length === 0 ? "none is missing or doubled" : ""}`);
    for (const problem of problems) say(problem);
    return good && problems.length === 0;
  } finally {
    await stage.dispose();
  }
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  process.stderr.write(`bench:herd: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 2;
}
