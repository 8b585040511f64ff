#!/usr/bin/env node
import { spawnSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { byteSize } from "../replay/figures.js";
import type { CellResult } from "./cell.js";
import { ENGINES, type EngineName } from "./engines.js";
import { ratio, table } from "./table.js";
import { loadSession, sessionFiles } from "./workload.js";

/** A cell that has not finished by then is left out, and says so. */
const CELL_LIMIT = 60_000;
const SIZES = [1e5, 1e6, 1e7, 1e8];

interface Flags {
  readonly traces: string;
  readonly engines?: string;
  readonly largest: string;
}

const flags = new Command("bench:document")
  .description("Edits and memory of a document: this engine beside others, all in one run. Prints tables in Markdown.")
  .option("--traces <folder>", "recorded sessions, sequential; without them a made-up one", "../shared/data")
  .option("--engines <names>", `comma-separated, of: ${Object.keys(ENGINES).join(", ")}`)
  .option("--largest <units>", "leave out larger texts", "1e8")
  .parse()
  .opts<Flags>();

const engines = (flags.engines?.split(",") ?? Object.keys(ENGINES)) as readonly EngineName[];
const sizes = SIZES.filter((size) => size <= Number(flags.largest));
const print = (text: string): void => void process.stdout.write(`${text}\n`);
const note = (text: string): void => void process.stderr.write(`${text}\n`);

function measure(engine: EngineName, task: string, argument: string): CellResult | string {
  const script = fileURLToPath(new URL("./cell.js", import.meta.url));
  const child = spawnSync(
    process.execPath,
    ["--expose-gc", "--max-old-space-size=8192", script, engine, task, argument],
    { encoding: "utf8", timeout: CELL_LIMIT, maxBuffer: 1e8 },
  );
  if (child.error !== undefined || child.signal !== null) return "> 1 min";
  const line = child.stdout.trim().split("\n").at(-1) ?? "";
  if (child.status !== 0 || line === "") return "failed";
  const result = JSON.parse(line) as CellResult;
  note(`${engine} ${task} ${basename(argument)}: ${line}`);
  return result.correct ? result : "wrong text";
}

const label = (size: number): string => byteSize(size).replace(/\.0+ /, " ");
const perEdit = (cell: CellResult): number => (cell.milliseconds / cell.edits) * 1_000;

async function sessions(): Promise<void> {
  const rows: string[][] = [];
  for (const file of sessionFiles(flags.traces)) {
    const session = await loadSession(file);
    if (session === undefined) continue;
    const cells = engines.map((engine) => measure(engine, "session", file));
    const total = (cell: CellResult): number => (cell.milliseconds / cell.edits) * session.edits.length;
    const own = cells[0];
    rows.push([
      `${session.name}, ${session.edits.length.toLocaleString("en-GB")} edits`,
      ...cells.map((cell) =>
        typeof cell === "string"
          ? cell
          : `${(total(cell) / 1_000).toFixed(2)} s${cell.edits < session.edits.length ? " \\*" : ""}${ratio(total, cell, own)}`,
      ),
    ]);
  }
  print(`\n### Recorded sessions, edit by edit\n\n${table(["session", ...engines], rows)}`);
}

function letters(): void {
  const cells = sizes.map((size) => engines.map((engine) => measure(engine, "letters", String(size))));
  const each = (title: string, show: (cell: CellResult, own: CellResult | string | undefined) => string): void => {
    const rows = sizes.map((size, row) => [
      label(size),
      ...(cells[row] ?? []).map((cell) => (typeof cell === "string" ? cell : show(cell, cells[row]?.[0]))),
    ]);
    print(`\n### ${title}\n\n${table(["text", ...engines], rows)}`);
  };
  each(
    "10,000 single letters at random places, per edit",
    (cell, own) => `${perEdit(cell).toFixed(2)} µs${cell.edits < 10_000 ? " \\*" : ""}${ratio(perEdit, cell, own)}`,
  );
  each("Opening the text", (cell) => `${cell.loadMilliseconds.toFixed(0)} ms`);
  each("Writing it out", (cell) => `${cell.saveMilliseconds.toFixed(0)} ms`);
  if (sizes.length < 2) return;
  print("\nCost of an edit in the largest text, as a multiple of that in the smallest:");
  for (const [at, engine] of engines.entries()) {
    const [small, large] = [cells[0]?.[at], cells.at(-1)?.[at]];
    if (small === undefined || large === undefined || typeof small === "string" || typeof large === "string") continue;
    print(`- ${engine}: ${(perEdit(large) / perEdit(small)).toFixed(1)} ×`);
  }
}

function memory(): void {
  const rows = sizes.map((size) => {
    const cells = engines.map((engine) => measure(engine, "memory", String(size)));
    return [
      label(size),
      ...cells.map((cell) =>
        typeof cell === "string" ? cell : [cell.heap, cell.resident, cell.peak].map(byteSize).join(" / "),
      ),
    ];
  });
  const title =
    "Memory of the loaded text: heap / resident / peak of the process over opening, 1,000 edits and writing out";
  print(`\n### ${title}\n\n${table(["text", ...engines], rows)}`);
}

print(
  `${new Date().toISOString().slice(0, 10)} · Node ${process.version} · ${cpus()[0]?.model ?? "?"} · ${cpus().length} cores · ${byteSize(totalmem())} of memory`,
);
await sessions();
letters();
memory();
print("\n\\* stopped after 5 s of editing; the figure is the mean of the edits made, scaled where it is a total.");
