import { pathToFileURL } from "node:url";
import { ENGINES, type EngineName, type LoadedText, type Splice } from "./engines.js";
import { loadSession, mixedEdits, prose, randomLetters } from "./workload.js";

/**
 * One cell of a table, measured in a process of its own: neither the memory nor the compiled code of one engine touches
 * another. Prints one line of JSON.
 */
export interface CellResult {
  /** Edits made: fewer than asked where the time was up. */
  readonly edits: number;
  readonly milliseconds: number;
  readonly loadMilliseconds: number;
  /** Writing out the whole text. */
  readonly saveMilliseconds: number;
  /** What the loaded text takes, after a collection; bytes. Measured in cells without a warm-up only. */
  readonly heap: number;
  readonly resident: number;
  /** The most that the process ever held: the source text, the document, garbage, and the text written out. */
  readonly peak: number;
  readonly correct: boolean;
}

/** No cell goes on editing longer than this. */
export const EDIT_BUDGET = 5_000;
/** How often the clock is read. */
const STRIDE = 16;

const collect = (globalThis as { gc?: () => void }).gc ?? (() => undefined);

interface Memory {
  readonly heap: number;
  readonly resident: number;
}

function memory(): Memory {
  collect();
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
}

/** Makes edits until they are done or the time is up. */
function run(loaded: LoadedText, edits: readonly Splice[], budget: number): { edits: number; milliseconds: number } {
  const started = performance.now();
  let done = 0;
  loaded.edit((apply) => {
    for (const splice of edits) {
      if (done % STRIDE === 0 && performance.now() - started > budget) break;
      apply(splice);
      done += 1;
    }
  });
  return { edits: done, milliseconds: performance.now() - started };
}

function measure(engine: EngineName, start: string, edits: readonly Splice[], end?: string, warm = true): CellResult {
  const practice = warm ? mixedEdits(20_000, 30_000) : randomLetters(20_000, 10);
  run(ENGINES[engine](prose(20_000)), practice, 1_000);
  const before = memory();
  const loadStarted = performance.now();
  const loaded = ENGINES[engine](start);
  const loadMilliseconds = performance.now() - loadStarted;
  const after = memory();
  const result = run(loaded, edits, EDIT_BUDGET);
  const saveStarted = performance.now();
  const text = loaded.text();
  const saveMilliseconds = performance.now() - saveStarted;
  const whole = result.edits === edits.length ? end : undefined;
  return {
    ...result,
    loadMilliseconds,
    saveMilliseconds,
    heap: after.heap - before.heap,
    resident: after.resident - before.resident,
    peak: process.resourceUsage().maxRSS * 1_024,
    correct: whole === undefined ? text.length === edited(start, edits.slice(0, result.edits)) : text === whole,
  };
}

/** The length of the text after the edits: enough to find an edit that was not made. */
function edited(start: string, edits: readonly Splice[]): number {
  return edits.reduce((length, { removed, text }) => length + text.length - removed, start.length);
}

export async function main(engine: EngineName, task: string, argument: string): Promise<CellResult | undefined> {
  if (task === "letters") {
    const size = Number(argument);
    return measure(engine, prose(size), randomLetters(size, 10_000));
  }
  if (task === "memory") {
    const size = Number(argument);
    return measure(engine, prose(size), randomLetters(size, 1_000), undefined, false);
  }
  const session = await loadSession(argument);
  return session === undefined ? undefined : measure(engine, session.start, session.edits, session.end);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [engine, task, argument] = process.argv.slice(2) as [EngineName, string, string];
  process.stdout.write(`${JSON.stringify((await main(engine, task, argument)) ?? null)}\n`);
}
