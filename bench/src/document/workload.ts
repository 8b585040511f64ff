import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { CodePointText } from "../replay/code-point-text.js";
import { readTrace, type Trace, TraceError } from "../replay/trace.js";
import type { Splice } from "./engines.js";

/** What is replayed: where it starts, the edits, and where they must end. */
export interface Session {
  readonly name: string;
  readonly start: string;
  readonly end: string;
  readonly edits: readonly Splice[];
}

/** A small random generator (Numerical Recipes): the same numbers in every process. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const WORDS = "the quick brown fox jumps over a lazy dog while nobody reads what it says about writing together".split(
  " ",
);

/** Plain prose of so many units, in lines. */
export function prose(length: number): string {
  const next = numbers(1);
  const paragraph: string[] = [];
  for (let size = 0; size < 65_536; ) {
    const word = `${WORDS[Math.floor(next() * WORDS.length)] ?? ""}${next() < 0.08 ? ".\n" : " "}`;
    paragraph.push(word);
    size += word.length;
  }
  const text = paragraph.join("");
  return text.repeat(Math.ceil(length / text.length)).slice(0, length);
}

/** Single letters at random places of a text of `length` units: two are typed for each one that is deleted. */
export function randomLetters(length: number, count: number): readonly Splice[] {
  const next = numbers(2);
  let size = length;
  return Array.from({ length: count }, (_, index) => {
    const deletes = index % 3 === 2;
    const at = Math.floor(next() * (size - 1));
    size += deletes ? -1 : 1;
    return { at, removed: deletes ? 1 : 0, text: deletes ? "" : "x" };
  });
}

/** Edits of all kinds, to warm an engine up: letters, words and lines, typed and deleted; the size stays about the same. */
export function mixedEdits(length: number, count: number): readonly Splice[] {
  const next = numbers(4);
  let size = length;
  return Array.from({ length: count }, () => {
    const at = Math.floor(next() * (size - 400));
    const amount = next() < 0.8 ? 1 : 1 + Math.floor(next() * 300);
    const removed = next() < (size > length ? 0.6 : 0.3) ? amount : 0;
    const text = removed === 0 || next() < 0.2 ? "w".repeat(amount) : "";
    size += text.length - removed;
    return { at, removed, text };
  });
}

/** The sequential recordings in a folder; a made-up session where there are none. */
export function sessionFiles(folder: string): readonly string[] {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => /\.json(\.gz)?$/.test(name)) : [];
  return files.length === 0 ? ["made-up"] : files.sort().map((name) => join(folder, name));
}

/** @returns undefined for a concurrent recording, which no single replica can replay */
export async function loadSession(file: string): Promise<Session | undefined> {
  if (file === "made-up") return madeUp();
  try {
    return sessionOf(basename(file).replace(/\.json(\.gz)?$/, ""), await readTrace(file));
  } catch (error) {
    if (error instanceof TraceError) return undefined;
    throw error;
  }
}

function sessionOf(name: string, trace: Trace): Session {
  const text = new CodePointText(trace.startContent);
  const edits: Splice[] = [];
  for (const [position, gone, put] of trace.transactions.flat()) {
    const { index, deleted, inserted } = text.apply(position, gone, put);
    if (deleted > 0 || inserted !== "") edits.push({ at: index, removed: deleted, text: inserted });
  }
  return { name, start: trace.startContent, end: trace.endContent, edits };
}

/** Somebody types 100,000 letters, corrects some, and now and then goes elsewhere. */
function madeUp(): Session {
  const next = numbers(3);
  const edits: Splice[] = [];
  let text = "";
  let at = 0;
  for (let count = 0; count < 100_000; count += 1) {
    if (next() < 0.01) at = Math.floor(next() * text.length);
    const deletes = at > 0 && next() < 0.1;
    if (deletes) at -= 1;
    edits.push({ at, removed: deletes ? 1 : 0, text: deletes ? "" : "e" });
    text = text.slice(0, at) + (deletes ? text.slice(at + 1) : `e${text.slice(at)}`);
    if (!deletes) at += 1;
  }
  return { name: "made-up", start: "", end: text, edits };
}
