import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VirtualClock } from "@tutti/testkit";
import Database from "better-sqlite3";
import { run } from "../../src/commands/run.js";
import type { Terminal } from "../../src/commands/terminal.js";
import { openStore } from "../../src/open-store.js";
import type { Store } from "../../src/storage/store.js";
import { record, snapshotAt, typing } from "../storage/fixtures.js";

const WORKER = new URL("../../dist/storage/sqlite-worker.js", import.meta.url);

export interface Outcome {
  readonly code: number;
  /** stdout. */
  readonly results: readonly string[];
  /** stderr. */
  readonly notes: readonly string[];
}

/** A data folder of its own, and commands run in this process. `remove` it at the end. */
export class CommandWorld {
  readonly root = mkdtempSync(join(tmpdir(), "tutti-command-"));
  readonly data = join(this.root, "data");
  readonly environment: Record<string, string> = { TUTTI_DATA: this.data };
  readonly clock = new VirtualClock(Date.UTC(2026, 4, 6, 7, 8, 9));

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  async run(...words: readonly string[]): Promise<Outcome> {
    const results: string[] = [];
    const notes: string[] = [];
    const terminal: Terminal = {
      environment: this.environment,
      clock: this.clock,
      result: (line) => results.push(line),
      note: (line) => notes.push(line),
      status: undefined,
      openStore: (location) => openStore(location, WORKER),
      onStop: () => {},
    };
    return { code: await run(words, terminal), results, notes };
  }

  open(data = this.data): Promise<Store> {
    return openStore({ kind: "sqlite", file: join(data, "tutti.sqlite"), folder: data }, WORKER);
  }

  /** Documents of so many operations, each with snapshots of some versions. */
  async fill(
    documents: Readonly<Record<string, { readonly operations: number; readonly snapshots?: readonly number[] }>>,
  ) {
    const store = await this.open();
    for (const [id, { operations, snapshots = [] }] of Object.entries(documents)) {
      await store.createDocument(record(id));
      if (operations > 0) await store.append([typing(id, await store.claim(id), 1, operations)]);
      for (const version of snapshots) await store.saveSnapshot(id, snapshotAt(version));
    }
    await store.close();
  }

  /** Changes rows behind the store's back. */
  damage(sql: string, data = this.data): void {
    const connection = new Database(join(data, "tutti.sqlite"));
    connection.exec(sql);
    connection.close();
  }
}
