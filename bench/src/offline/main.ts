#!/usr/bin/env node
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { table } from "../document/table.js";
import { SHAPES } from "../merge/edits.js";
import { conditions, load, writeBetween } from "../page.js";
import { type Contestant, hocuspocus, shareDb, tutti, yWebSocket } from "../server/contestants.js";
import { type Merge, mergeOffline } from "./merge.js";
import { HOCUSPOCUS } from "./people/hocuspocus.js";
import type { Library } from "./people/person.js";
import { SHAREDB } from "./people/sharedb.js";
import { TUTTI, TUTTI_ON_DISK } from "./people/tutti.js";
import { Y_WEBSOCKET } from "./people/y-websocket.js";

interface Row {
  readonly library: Library;
  readonly contestant: Contestant;
  /** Fewer where one round takes minutes. */
  readonly rounds: number;
}

interface Flags {
  readonly only?: string;
  readonly edits: string;
  readonly rounds: string;
  readonly write?: true;
}

const flags = new Command("bench:offline")
  .description("Somebody edits offline while somebody else goes on: how long the merge takes, end to end.")
  .option("--only <names>", "comma-separated beginnings of names, such as tutti,hocuspocus")
  .option("--edits <number>", "of each of the two", "10000")
  .option("--rounds <number>", "of each server but ShareDB, which gets one", "5")
  .option("--write", "put the table into docs/benchmarks.md")
  .parse()
  .opts<Flags>();

const LENGTH = 50_000;
const edits = Number(flags.edits);
const rounds = Number(flags.rounds);
const ROWS: readonly Row[] = [
  { library: TUTTI, contestant: tutti, rounds },
  { library: TUTTI_ON_DISK, contestant: tutti, rounds },
  { library: Y_WEBSOCKET, contestant: yWebSocket, rounds },
  { library: HOCUSPOCUS, contestant: hocuspocus, rounds },
  { library: SHAREDB, contestant: shareDb, rounds: 1 },
];

/** The first merge of a server and its clients, which meets cold code; the median of the others; their processor time. */
async function cells({ library, contestant, rounds: count }: Row): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "tutti-bench-"));
  const running = await contestant.start(folder);
  try {
    const found: string[] = [];
    for (const shape of SHAPES) {
      const merges: Merge[] = [];
      for (let round = 0; round < count; round += 1) {
        merges.push(await mergeOffline(library, running, { shape, length: LENGTH, edits, seed: 10 * round }));
        process.stderr.write(`${library.name}, ${shape}: ${JSON.stringify(merges.at(-1))}\n`);
      }
      const [first, ...later] = merges;
      const warm = later.length === 0 ? merges : later;
      const used = [median(warm.map(({ server }) => server)), median(warm.map(({ clients }) => clients))];
      found.push(
        `${milliseconds(first?.milliseconds)} / ${milliseconds(median(later.map((each) => each.milliseconds)))}`,
      );
      found.push(used.map(milliseconds).join(" + "));
    }
    return [library.name, contestant.durable, ...found];
  } finally {
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const milliseconds = (value = Number.NaN): string =>
  Number.isNaN(value) ? "–" : `${Math.round(value).toLocaleString("en-GB")} ms`;

const before = load();
const beginnings = flags.only?.toLowerCase().split(",") ?? [""];
const rows: (readonly string[])[] = [];
for (const row of ROWS) {
  if (beginnings.some((beginning) => row.library.name.toLowerCase().startsWith(beginning))) rows.push(await cells(row));
}
const columns = SHAPES.flatMap((shape) => [`${shape}: first / later`, "server + clients, processor"]);
const head = ["client and server", "durable", ...columns];
const text = `${conditions(before)}\n\n${table(head, rows)}`;
process.stdout.write(`${text}\n`);
if (flags.write === true) await writeBetween("bench:offline", text);
process.exit();
