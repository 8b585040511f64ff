#!/usr/bin/env node
import { cpus } from "node:os";
import { SHAPES, type Shape } from "./edits.js";
import { measureBuffer, measureKeystroke, measureMemory, measureMerge } from "./measure.js";
import { SIDES } from "./sides.js";

/** Letters of the document before anybody edits. */
const LENGTH = 100_000;
const SIZES = [1_000, 3_000, 10_000, 30_000, 100_000];
const COUNT = 10_000;

const write = (line: string): void => void process.stdout.write(`${line}\n`);
const row = (...cells: readonly string[]): void => write(`| ${cells.join(" | ")} |`);
const figure = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(2));
const count = (value: number): string => value.toLocaleString("en-GB");

function table(title: string, heads: readonly string[], body: () => void): void {
  write(`\n${title}\n`);
  row(...heads);
  row(...heads.map((_, index) => (index === 0 ? "---" : "---:")));
  body();
}

function mergeRow(shape: Shape, size: number): void {
  const rounds = size >= 100_000 ? 1 : size >= 30_000 ? 3 : 7;
  const times = measureMerge(shape, size, LENGTH, rounds);
  row(shape, `${count(size)} × ${count(size)}`, ...SIDES.map(({ name }) => figure(times.get(name) ?? Number.NaN)));
}

const sizes = process.argv.includes("--quick") ? SIZES.slice(0, 3) : SIZES;
write(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, a text of ${count(LENGTH)} letters`,
);
// The first round of everything meets cold code.
for (const shape of SHAPES) measureMerge(shape, 1_000, LENGTH, 3);

table(
  `One keystroke against ${count(COUNT)} concurrent ones, from the worst place of the gap, in milliseconds`,
  ["edits", "pieces", "components", "composing, once for all", "over spans", "one by one"],
  () => {
    for (const shape of SHAPES) {
      measureKeystroke(shape, COUNT, LENGTH);
      const { pieces, components, composing, overSpans, oneByOne } = measureKeystroke(shape, COUNT, LENGTH);
      row(shape, count(pieces), count(components), figure(composing), figure(overSpans), figure(oneByOne));
    }
  },
);
table(
  "Merge of offline with online edits, in milliseconds",
  ["edits", "sizes", ...SIDES.map(({ name }) => name)],
  () => {
    for (const shape of SHAPES) for (const size of sizes) mergeRow(shape, size);
  },
);
table(
  `Keeping ${count(COUNT)} offline edits as one operation, in microseconds per edit`,
  ["edits", "balanced", "each onto all before"],
  () => {
    for (const shape of SHAPES) {
      const { balanced, oneOntoAll } = measureBuffer(shape, COUNT, LENGTH);
      row(shape, figure(balanced), figure(oneOntoAll));
    }
  },
);
table(
  "Memory per 1,000 operations of history, in kilobytes",
  ["edits", "operations", "with the spans 50 people asked for", "compacted to spans of 64", "Yjs document"],
  () => {
    for (const shape of SHAPES) {
      const { operations, spans, compacted, yjs } = measureMemory(shape, 50_000, LENGTH);
      row(shape, ...[operations, spans, compacted, yjs].map((bytes) => figure(bytes / 1000)));
    }
  },
);
