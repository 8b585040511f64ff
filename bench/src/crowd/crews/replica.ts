import { createHash } from "node:crypto";
import type { Document } from "@tutti/ot";

/** What somebody has at the end, in short; equal for equal contents. */
export interface Replica {
  readonly version: number;
  readonly checksum: number;
  /** SHA-256 of the text. */
  readonly text: string;
}

export const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

/** @param known texts that were digested before, since many share one content */
export function replicaOf(
  content: Document,
  version: number,
  known: WeakMap<Document, string> = new WeakMap(),
): Replica {
  const text = known.get(content) ?? digest(content.text());
  known.set(content, text);
  return { version, checksum: content.checksum, text };
}

/** How often (ms) somebody looks whether what was awaited has happened, and how long at most. */
const LOOK = 50;
const PATIENCE = 60_000;

/** @throws Error when it has not happened in time */
export async function until(happened: () => boolean, what: string): Promise<void> {
  for (let waited = 0; !happened(); waited += LOOK) {
    if (waited > PATIENCE) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
}

/** Does something for each, some at a time. */
export async function inGroups<T>(
  items: readonly T[],
  size: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) await work(items[index] as T, index);
  };
  await Promise.all(Array.from({ length: Math.min(size, items.length) }, worker));
}
