import { table } from "../document/table.js";
import { byteSize, grouped } from "../replay/figures.js";
import type { ColdOpen } from "./cold-open.js";
import type { Contestant } from "./contestants.js";
import type { Memory, MemoryUse } from "./memory.js";
import type { Typing } from "./typing.js";

/** What was measured of one server; undefined where it could not be, with the reason in `skipped`. */
export interface Result {
  readonly contestant: Contestant;
  readonly flatOut?: Typing;
  readonly crowd?: Typing;
  readonly coldOpen?: ColdOpen;
  readonly memory?: MemoryUse;
  readonly skipped: readonly string[];
}

const NOTHING = "–";

/** The tables, in Markdown. @param machine one line on where and when */
export function report(results: readonly Result[], machine: string): string {
  const names = ["server", "durable"];
  const head = (result: Result): string[] => [result.contestant.name, result.contestant.durable];
  const typing = ["op/s", "acknowledged p50 / p99", "delivered p50 / p99", "server CPU per op", "driver"];
  const rows = (pick: (result: Result) => readonly string[]): string[][] =>
    results.map((result) => [...head(result), ...pick(result)]);
  const skipped = results.flatMap(({ contestant, skipped }) => skipped.map((why) => `- ${contestant.name}: ${why}`));
  return [
    machine,
    "### One document, 10 editors, each sends its next letter as soon as the last is acknowledged",
    table(
      [...names, ...typing],
      rows(({ flatOut }) => typingCells(flatOut)),
    ),
    "### One document, 100 editors, 5 letters a second each",
    table(
      [...names, ...typing],
      rows(({ crowd }) => typingCells(crowd)),
    ),
    "### Cold open of a document of 260,000 edits",
    table(
      [...names, "time to the content", "server CPU"],
      rows(({ coldOpen }) => coldCells(coldOpen)),
    ),
    "### Memory after a full collection: heap and what it keeps outside / resident",
    table(
      [...names, "idle connection", "small document"],
      rows(({ memory }) => memoryCells(memory)),
    ),
    ...(skipped.length === 0 ? [] : [`Not measured:\n\n${skipped.join("\n")}`]),
  ].join("\n\n");
}

function typingCells(typing: Typing | undefined): readonly string[] {
  if (typing === undefined) return [NOTHING, NOTHING, NOTHING, NOTHING, NOTHING];
  const { acknowledged, delivered } = typing;
  return [
    grouped(typing.operations / typing.seconds),
    `${milliseconds(acknowledged.p50)} / ${milliseconds(acknowledged.p99)}`,
    `${milliseconds(delivered.p50)} / ${milliseconds(delivered.p99)}`,
    `${typing.serverCpu.toFixed(3)} ms`,
    `${Math.round(typing.driver * 100)} %`,
  ];
}

const coldCells = (open: ColdOpen | undefined): readonly string[] =>
  open === undefined ? [NOTHING, NOTHING] : [milliseconds(open.wall), milliseconds(open.cpu)];

const memoryCells = (use: MemoryUse | undefined): readonly string[] =>
  use === undefined ? [NOTHING, NOTHING] : [memoryCell(use.connection), memoryCell(use.document)];

const memoryCell = (memory: Memory | undefined): string =>
  memory === undefined ? NOTHING : `${byteSize(Math.round(memory.heap))} / ${byteSize(Math.round(memory.resident))}`;

const milliseconds = (value: number): string => `${value >= 100 ? Math.round(value) : value.toFixed(1)} ms`;
