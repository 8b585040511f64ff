#!/usr/bin/env node
import { setPriority } from "node:os";
import { Command } from "commander";
import { natural } from "../arguments.js";
import { EAGER_WRITER } from "./eager-writer.js";
import { FULL_DISK } from "./full-disk.js";
import { JUNK } from "./junk.js";
import { PASTES } from "./pastes.js";
import { reportLines } from "./report.js";
import { runScenario } from "./run-scenario.js";
import { SLOW_DISK } from "./slow-disk.js";
import { SLOW_READERS } from "./slow-reader.js";

const SCENARIOS = [...PASTES, JUNK, SLOW_READERS, EAGER_WRITER, FULL_DISK, SLOW_DISK];
const LOWEST = 19;
const names = SCENARIOS.map(({ name }) => name);

const command = new Command("faults:flood")
  .description(
    "Gives a server bad times, one after the other, and measures what it bears. Needs Linux; full-disk needs root.",
  )
  .argument("[scenarios...]", `which: ${names.join(", ")}; all when left out`)
  .option("--seed <number>", "decides what is sent", natural, 1);

async function main(): Promise<boolean> {
  command.parse();
  const unknown = command.args.filter((name) => !names.includes(name));
  if (unknown.length > 0) command.error(`error: there is no ${unknown.join(", ")}; there are ${names.join(", ")}`);
  // A flood comes from other machines: here it must not take the processor away from the server.
  setPriority(LOWEST);
  const { seed } = command.opts<{ readonly seed: number }>();
  const wanted = SCENARIOS.filter(({ name }) => command.args.length === 0 || command.args.includes(name));
  let good = true;
  for (const scenario of wanted) {
    const report = await runScenario(scenario, seed);
    process.stdout.write(`${reportLines(report).join("\n")}\n\n`);
    good &&= report.problems.length === 0;
  }
  return good;
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  process.stderr.write(`faults:flood: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 2;
}
