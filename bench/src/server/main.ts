#!/usr/bin/env node
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { conditions, load, writeBetween } from "../page.js";
import { coldOpenHocuspocus, coldOpenTutti } from "./cold-open.js";
import {
  CONTESTANTS,
  type Contestant,
  hocuspocus,
  shareDb,
  shareDbPostgres,
  tutti,
  tuttiPostgres,
} from "./contestants.js";
import { syncMilliseconds } from "./disk.js";
import { measureMemory } from "./memory.js";
import { type Result, report } from "./report.js";
import { measureTyping, type Workload } from "./typing.js";

interface Flags {
  readonly trace?: string;
  readonly only?: string;
  readonly rows: string;
  readonly seconds: string;
  readonly write?: true;
}

const flags = new Command("bench:server")
  .description("Real servers, each in a process of its own, with people typing on one document. Prints Markdown.")
  .option("--trace <file>", "the recorded session automerge-paper; without it nothing is opened cold")
  .option("--only <names>", "comma-separated beginnings of names, such as tutti,hocuspocus")
  .option("--rows <letters>", "a: 10 editors flat out, b: 100 editors, c: cold open, d: memory", "abcd")
  .option("--seconds <number>", "that count in each measurement of typing", "8")
  .option("--write", "put the tables into docs/benchmarks.md")
  .parse()
  .opts<Flags>();

const WARM_UP = 3;
const seconds = Number(flags.seconds);
const FLAT_OUT: Workload = { editors: 10, rate: 0, warmUp: WARM_UP, seconds };
const CROWD: Workload = { editors: 100, rate: 5, warmUp: WARM_UP, seconds };

const wanted = (letter: string): boolean => flags.rows.includes(letter);

async function inFolder<T>(measure: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "tutti-bench-"));
  try {
    return await measure(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function typing(contestant: Contestant, workload: Workload) {
  return inFolder(async (folder) => {
    const running = await contestant.start(folder);
    try {
      return await measureTyping(contestant, running, workload);
    } finally {
      await running.stop();
    }
  });
}

async function memory(contestant: Contestant) {
  return inFolder(async (folder) => {
    const running = await contestant.start(folder);
    try {
      // ShareDB asks its database for a document each time.
      return await measureMemory(contestant, running, contestant !== shareDb);
    } finally {
      await running.stop();
    }
  });
}

async function coldOpen(contestant: Contestant) {
  const { trace } = flags;
  if (trace === undefined) throw new Error("no cold open: no recorded session was given (--trace)");
  if (contestant === tutti) return inFolder((folder) => coldOpenTutti(trace, folder));
  if (contestant === hocuspocus) return inFolder((folder) => coldOpenHocuspocus(trace, folder));
  if (contestant === tuttiPostgres) throw new Error("no cold open: measured on SQLite");
  if (contestant === shareDbPostgres)
    throw new Error("no cold open: writing the edits one by one takes most of an hour");
  throw new Error("no cold open: it keeps nothing");
}

/** All rows of one server; a row that fails says why, and the others go on. */
async function measure(contestant: Contestant): Promise<Result> {
  const skipped: string[] = [];
  const attempt = async <T>(letter: string, run: () => Promise<T>): Promise<T | undefined> => {
    if (!wanted(letter)) return undefined;
    process.stderr.write(`${contestant.name}: ${letter}\n`);
    try {
      return await run();
    } catch (error) {
      skipped.push(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  };
  const flatOut = await attempt("a", () => typing(contestant, FLAT_OUT));
  const crowd = await attempt("b", () => typing(contestant, CROWD));
  const cold = await attempt("c", () => coldOpen(contestant));
  const use =
    contestant === shareDbPostgres || contestant === tuttiPostgres
      ? undefined
      : await attempt("d", () => memory(contestant));
  return {
    contestant,
    skipped,
    ...(flatOut === undefined ? {} : { flatOut }),
    ...(crowd === undefined ? {} : { crowd }),
    ...(cold === undefined ? {} : { coldOpen: cold }),
    ...(use === undefined ? {} : { memory: use }),
  };
}

const before = load();
const sync = await syncMilliseconds();
const beginnings = flags.only?.toLowerCase().split(",") ?? [""];
const results: Result[] = [];
for (const contestant of CONTESTANTS) {
  const name = contestant.name.toLowerCase();
  if (beginnings.some((beginning) => name.startsWith(beginning))) results.push(await measure(contestant));
}
const machine = `${conditions(before)} · a small write and its fsync took ${sync.toFixed(2)} ms`;
const tables = report(results, machine);
process.stdout.write(`${tables}\n`);
if (flags.write === true) await writeBetween("bench:server", tables);
