#!/usr/bin/env node
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { PostgresStore, SqliteStore } from "@tutti/server";
import { OwnPostgres } from "@tutti/testkit";
import { table } from "../document/table.js";
import { type Figures, type Measured, measure } from "./load.js";

/*
 * How many durable appends per second the stores take. Set TUTTI_DATABASE_URL to measure a PostgreSQL that runs already.
 */

const DOCUMENTS = [1, 10, 100];
const SECONDS = process.argv.includes("--quick") ? 1 : 5;

async function openSqlite(): Promise<{ readonly store: Measured; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "tutti-bench-"));
  const store = await SqliteStore.open({ file: join(folder, "tutti.sqlite") });
  return {
    store,
    async close() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function openPostgres(): Promise<{ readonly store: Measured; close(): Promise<void> }> {
  const given = process.env["TUTTI_DATABASE_URL"];
  const server = given === undefined ? await OwnPostgres.start() : undefined;
  const store = await PostgresStore.open({ url: given ?? server?.url ?? "" });
  return {
    store,
    async close() {
      await store.close();
      await server?.dispose();
    },
  };
}

const rowOf = (name: string, documents: number, figures: Figures): readonly string[] => [
  name,
  String(documents),
  Math.round(figures.appendsPerSecond).toLocaleString("en-GB"),
  figures.p50.toFixed(2),
  figures.p99.toFixed(2),
  Math.round(figures.commitsPerSecond).toLocaleString("en-GB"),
  figures.processor.toFixed(3),
];

const rows: (readonly string[])[] = [];
for (const [name, open] of [
  ["SQLite", openSqlite],
  ["PostgreSQL", openPostgres],
] as const) {
  const { store, close } = await open();
  for (const documents of DOCUMENTS) rows.push(rowOf(name, documents, await measure(store, documents, SECONDS)));
  await close();
}
const head = ["store", "documents", "appends/s", "p50 ms", "p99 ms", "commits/s", "processor ms/append"];
process.stdout.write(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown"}\n\n`);
process.stdout.write(`${table(head, rows)}\n`);
