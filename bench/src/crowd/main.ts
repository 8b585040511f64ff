#!/usr/bin/env node
import { Command } from "commander";
import { conditions, load, writeBetween } from "../page.js";
import { PROFILE } from "../server/server-process.js";
import { editorsReport, fanOutReport, presenceReport, viewersReport } from "./report.js";
import { editorsScenario } from "./scenarios/editors.js";
import { fanOutScenario } from "./scenarios/fan-out.js";
import { presenceScenario } from "./scenarios/presence.js";
import { viewersScenario } from "./scenarios/viewers.js";

interface Flags {
  readonly seconds?: string;
  readonly rounds?: string;
  readonly editors?: string;
  readonly viewers?: string;
  readonly only?: string;
  readonly profile?: string;
  readonly write?: true;
}

const SCENARIOS: Readonly<Record<string, (flags: Flags) => Promise<string>>> = {
  editors: async ({ seconds = "60", editors = "100" }) =>
    editorsReport(
      await editorsScenario({ editors: Number(editors), letters: 1, moves: 10, warmUp: 5, seconds: Number(seconds) }),
    ),
  viewers: async ({ seconds = "12", rounds = "3", editors = "50", viewers = "2000" }) =>
    viewersReport(
      await viewersScenario({
        editors: Number(editors),
        viewers: Number(viewers),
        letters: 1,
        warmUp: 3,
        seconds: Number(seconds),
        rounds: Number(rounds),
      }),
    ),
  "fan-out": async ({ seconds = "10", rounds = "2", editors = "10", viewers = "1000", only = "" }) =>
    fanOutReport(
      await fanOutScenario(
        {
          typists: Number(editors),
          letters: 5,
          receivers: Number(viewers),
          warmUp: 3,
          seconds: Number(seconds),
          rounds: Number(rounds),
        },
        only.toLowerCase().split(","),
      ),
    ),
  presence: async ({ seconds = "6", rounds = "6", editors = "100" }) =>
    presenceReport(
      await presenceScenario({
        people: Number(editors),
        letters: 2,
        moves: 10,
        warmUp: 2,
        seconds: Number(seconds),
        rounds: Number(rounds),
      }),
    ),
};

const command = new Command("bench:crowd")
  .description("One document, a real server in a process of its own, and a crowd. Prints Markdown.")
  .argument("<scenario>", Object.keys(SCENARIOS).join(", "))
  .option("--seconds <number>", "that count in each window")
  .option("--rounds <number>", "of windows that are compared with each other")
  .option("--editors <number>", "people who edit")
  .option("--viewers <number>", "people who only read")
  .option("--only <names>", "fan-out: comma-separated beginnings of names, such as tutti,hocuspocus")
  .option("--profile <folder>", "where each server leaves a .cpuprofile; it costs time of its own")
  .option("--write", "put the table into docs/benchmarks.md")
  .parse();

const [name = ""] = command.args;
const scenario = SCENARIOS[name] ?? command.error(`there is no scenario "${name}"`);
const flags = command.opts<Flags>();
if (flags.profile !== undefined) process.env[PROFILE] = flags.profile;
const before = load();
const text = await scenario(flags);
const page = `${conditions(before)}\n\n${text}`;
process.stdout.write(`${page}\n`);
if (flags.write === true) await writeBetween(`bench:crowd ${name}`, page);
process.exit();
