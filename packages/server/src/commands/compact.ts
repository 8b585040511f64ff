import { Command } from "commander";
import type { Config, ConfigFlags } from "../config.js";
import { openArchive } from "../open-archive.js";
import type { RetentionAction } from "../retention/plan-document.js";
import { type RetentionProgress, runRetention } from "../retention/retention-job.js";
import { lockFolder } from "../storage/sqlite-folder-lock.js";
import { type DocumentRecord, type Store, StoreError } from "../storage/store.js";
import { CommandError, EXIT_CODES, type ExitCode } from "./exit-codes.js";
import { everyDocument, withDocuments } from "./open-documents.js";
import { Progress } from "./progress.js";
import { configOf, withSettings } from "./settings-options.js";
import type { Terminal } from "./terminal.js";

interface Options extends ConfigFlags {
  readonly dryRun?: true;
  readonly json?: true;
}

export function compactCommand(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  return withSettings(new Command("compact"), ["data"])
    .description("thin out snapshots, pack and archive old operations, empty the trash; no operation is lost")
    .option("--dry-run", "only say what would be done")
    .option("--json", "the result as JSON")
    .action(async (options: Options) => {
      const config = configOf(options, terminal);
      const done = await withDocuments(config, terminal, async (store) => {
        const release = options.dryRun ? () => {} : takeFolder(config);
        try {
          return await compact(store, config, options, terminal);
        } finally {
          release();
        }
      });
      report(done, options, terminal);
      if (done.errors > 0) finish(EXIT_CODES.problems);
    });
}

async function compact(store: Store, config: Config, options: Options, terminal: Terminal): Promise<RetentionProgress> {
  const total = (await everyDocument(store)).length;
  const bar = new Progress(terminal, "documents");
  const stop = new AbortController();
  terminal.onStop(() => stop.abort());
  const result = await runRetention({
    store,
    archive: openArchive(config.archive),
    now: () => terminal.clock.now(),
    rules: config.retention,
    dryRun: options.dryRun === true,
    signal: stop.signal,
    onPlan: (record, actions) => {
      if (options.dryRun && !options.json) for (const action of actions) terminal.result(describe(record, action));
    },
    onProgress: ({ documents, actions }) => bar.show(documents, total, `${actions} steps`),
    onError: ({ id }, error) => terminal.note(`${id}: ${error.message}`),
  });
  if (stop.signal.aborted) terminal.note("stopped; the next run goes on from here");
  return result;
}

/** On SQLite a running server does this itself; two of them would wait for each other. On PostgreSQL they don't. */
function takeFolder({ data, databaseUrl }: Config): () => void {
  if (databaseUrl !== undefined) return () => {};
  try {
    return lockFolder(data).release;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const text = `${error.message}: a running server compacts by itself (TUTTI_COMPACT_EVERY); --dry-run works beside it`;
    throw new CommandError(EXIT_CODES.refused, text);
  }
}

function report(done: RetentionProgress, { dryRun, json }: Options, terminal: Terminal): void {
  if (json) terminal.result(JSON.stringify({ ...done, dryRun: dryRun === true }));
  else {
    const what = dryRun ? "steps would be done" : "steps done";
    const failed = done.errors === 0 ? "" : `, ${done.errors} documents could not be looked after`;
    terminal.result(`${done.documents} documents, ${done.actions} ${what}${failed}`);
  }
}

function describe({ id }: DocumentRecord, action: RetentionAction): string {
  switch (action.kind) {
    case "delete_snapshot":
      return `${id}: delete snapshot ${action.version}`;
    case "collect_chunks":
      return `${id}: delete parts of snapshots that none names`;
    case "pack":
      return `${id}: pack operations up to ${action.upTo}`;
    case "archive":
      return `${id}: archive operations ${action.segment.first} to ${action.segment.last}`;
    case "purge":
      return `${id}: delete for good; it is in the trash`;
  }
}
