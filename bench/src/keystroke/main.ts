#!/usr/bin/env node
import { Command } from "commander";
import { table } from "../document/table.js";
import { conditions, load, writeBetween } from "../page.js";
import type { Latencies } from "../replay/figures.js";
import { type Content, plainContent, richContent } from "./contents.js";
import { launchChromium, typeInBrowser } from "./in-browser.js";
import { typeInNode } from "./in-node.js";
import { Stage } from "./stage.js";

interface Flags {
  readonly where: string;
  readonly keystrokes: string;
  readonly others: string;
  readonly write?: true;
}

const flags = new Command("bench:keystroke")
  .description("What a local keystroke costs in large documents, alone and while others type. Prints Markdown.")
  .option("--where <letters>", "n: the SDK in Node, b: the web app in Chromium", "nb")
  .option("--keystrokes <number>", "that count", "400")
  .option("--others <number>", "who type five letters a second each", "20")
  .option("--write", "put the tables into docs/benchmarks.md")
  .parse()
  .opts<Flags>();

const keystrokes = Number(flags.keystrokes);
const CONTENTS: readonly (() => Content)[] = [plainContent, richContent];
const CROWDS = [0, Number(flags.others)];

const figure = (latencies: Latencies): string =>
  latencies.count === 0
    ? "–"
    : [0.5, 0.99, 1].map((share) => (latencies.percentile(share) ?? 0).toFixed(2)).join(" / ");

/** A row for each content and crowd. @param type types, and says what it found */
async function rows(type: (stage: Stage) => Promise<readonly Latencies[]>): Promise<string[][]> {
  const found: string[][] = [];
  for (const make of CONTENTS) {
    const content = make();
    for (const others of CROWDS) {
      process.stderr.write(`${content.name}, ${others} others\n`);
      const stage = await Stage.set(content, others);
      try {
        const figures = await type(stage);
        found.push([content.name, `${others}`, `${content.aim}`, ...figures.map(figure)]);
      } finally {
        await stage.clear();
      }
    }
  }
  return found;
}

async function inNode(): Promise<string> {
  const body = await rows(async (stage) => {
    const { keystroke, message } = await typeInNode(stage, keystrokes);
    return [keystroke, message];
  });
  const head = [
    "document",
    "others",
    "aim",
    "a keystroke: p50 / p99 / max",
    "a message of the server: p50 / p99 / max",
  ];
  return `### The SDK in Node, in milliseconds\n\n${table(head, body)}`;
}

async function inBrowser(): Promise<string> {
  const browser = await launchChromium();
  try {
    const body = await rows(async (stage) => {
      const { shown, done, longTasks } = await typeInBrowser(browser, stage, keystrokes);
      return [shown, done, longTasks];
    });
    const head = [
      "document",
      "others",
      "aim",
      "letter shown: p50 / p99 / max",
      "ready for the next",
      "tasks over 50 ms",
    ];
    return `### The web app in Chromium, in milliseconds\n\n${table(head, body)}`;
  } finally {
    await browser.close();
  }
}

const before = load();
const sections: string[] = [];
if (flags.where.includes("n")) sections.push(await inNode());
if (flags.where.includes("b")) sections.push(await inBrowser());
const text = [conditions(before), ...sections].join("\n\n");
process.stdout.write(`${text}\n`);
if (flags.write === true) await writeBetween("bench:keystroke", text);
process.exit();
