#!/usr/bin/env node
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import {
  type DocumentRecord,
  loadDocument,
  type NewOperation,
  runRetention,
  SqliteStore,
  type Store,
  tidyDocument,
  writeSnapshot,
} from "@tutti/server";
import { table } from "../document/table.js";
import { readTrace } from "../replay/trace.js";
import { keystrokesOf } from "./typing.js";

/*
 * What a document with its whole history takes on disk, as the server would have left it: one operation per keystroke,
 * a snapshot every 500, packed and thinned on the way, then once more at rest.
 */

const [, , file = "automerge-paper.json.gz"] = process.argv;
const SNAPSHOT_INTERVAL = 500;
const AT_ONCE = 50;
const RECORD: DocumentRecord = {
  id: "paper",
  title: "Paper",
  kind: "plain",
  identicalInserts: "merge",
  createdBy: "ada",
  createdAt: 0,
  updatedAt: 0,
};

interface Written {
  readonly operations: number;
  readonly now: number;
  readonly slowestCommit: number;
  readonly largest: number;
}

async function write(store: Store, database: string): Promise<Written> {
  const trace = await readTrace(file);
  const epoch = await store.claim(RECORD.id);
  let batch: NewOperation[] = [];
  let [operations, now, slowestCommit, largest] = [0, 0, 0, 0];
  const append = async (): Promise<void> => {
    const started = performance.now();
    const [outcome] = await store.append([{ document: RECORD.id, epoch, operations: batch }]);
    if (outcome !== "stored") throw new Error(`the store says ${outcome}`);
    slowestCommit = Math.max(slowestCommit, performance.now() - started);
    batch = [];
  };
  let tidying = Promise.resolve();
  for (const { stored, document } of keystrokesOf(trace)) {
    batch.push(stored);
    [operations, now] = [stored.version, stored.time];
    if (batch.length === AT_ONCE) await append();
    if (operations % SNAPSHOT_INTERVAL !== 0) continue;
    // As in the server: beside the commits, one after the other.
    await tidying;
    const source = { document: RECORD.id, version: operations, content: document, time: now };
    tidying = writeSnapshot(store, source).then(() => tidyDocument(store, RECORD, source.time));
    largest = Math.max(largest, statSync(database).size);
  }
  if (batch.length > 0) await append();
  await tidying;
  return { operations, now, slowestCommit, largest };
}

async function load(store: Store): Promise<readonly [milliseconds: number, units: number]> {
  const started = performance.now();
  const { document } = await loadDocument(store, RECORD.id, undefined, () => undefined);
  return [performance.now() - started, document.length];
}

/** Every version from the first one on: what `verify` does. */
async function replay(store: Store, operations: number): Promise<number> {
  const started = performance.now();
  for (let after = 0; after < operations; ) {
    const read = await store.operations(RECORD.id, after, operations, 1000);
    if (read.length === 0) throw new Error(`version ${after + 1} is missing`);
    after += read.length;
  }
  return performance.now() - started;
}

const folder = mkdtempSync(join(tmpdir(), "tutti-bench-"));
const database = join(folder, "tutti.sqlite");
const store = await SqliteStore.open({ file: database });
await store.createDocument(RECORD);
const { operations, now, slowestCommit, largest } = await write(store, database);
await runRetention({ store, now: () => now });
const [cold, units] = await load(store);
const readAll = await replay(store, operations);
const segments = await store.segments(RECORD.id);
const packed = segments.reduce((sum, { bytes }) => sum + bytes, 0);
await store.close();
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;
const rows = [
  ["operations, each with author and time", operations.toLocaleString("en-GB")],
  ["length of the document", `${units.toLocaleString("en-GB")} units`],
  ["database with everything, at rest", megabytes(statSync(database).size)],
  [`of it, ${segments.length} segments`, megabytes(packed)],
  ["largest database while it was written", megabytes(largest)],
  ["slowest commit of 50 operations", `${slowestCommit.toFixed(0)} ms`],
  ["loading the newest version", `${cold.toFixed(1)} ms`],
  ["reading all operations back", `${readAll.toFixed(0)} ms`],
];
process.stdout.write(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown"}\n\n`);
process.stdout.write(`${table(["history", "measured"], rows)}\n`);
rmSync(folder, { recursive: true, force: true });
