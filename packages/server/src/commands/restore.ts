import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { backupFileLines } from "../backup/backup-file.js";
import type { BackupSummary } from "../backup/read-backup.js";
import { restoreBackup } from "../backup/restore-backup.js";
import type { Config, ConfigFlags } from "../config.js";
import { type StoreLocation, storeLocation } from "../open-store.js";
import { inspectFile } from "../storage/sqlite-file.js";
import { lockFolder } from "../storage/sqlite-folder-lock.js";
import { type Store, StoreError } from "../storage/store.js";
import { summarise, verifyBackup } from "./backup.js";
import { CommandError, EXIT_CODES } from "./exit-codes.js";
import { everyDocument } from "./open-documents.js";
import { Progress } from "./progress.js";
import { configOf, withSettings } from "./settings-options.js";
import type { Terminal } from "./terminal.js";
import { verifyDocument } from "./verify-document.js";

interface Options extends ConfigFlags {
  readonly force?: true;
  readonly json?: true;
}

export function restoreCommand(terminal: Terminal): Command {
  return withSettings(new Command("restore"), ["data"])
    .description("read a backup into an empty data folder, or an empty PostgreSQL database, and verify it")
    .argument("<backup>", "the file that `tutti backup` wrote")
    .option("--force", "where there are documents already: move them aside first (SQLite only)")
    .option("--json", "the result as JSON")
    .action(async (backup: string, options: Options) => {
      const config = configOf(options, terminal);
      // Before anything is touched: a damaged backup must not cost what is there.
      await verifyBackup(backup, terminal);
      const summary = await restore(backup, config, options.force === true, terminal);
      if (options.json) terminal.result(JSON.stringify(summary));
      else terminal.result(`restored ${summarise(summary)}, verified`);
    });
}

function restore(backup: string, config: Config, force: boolean, terminal: Terminal): Promise<BackupSummary> {
  const location = storeLocation(config);
  if (location.kind === "sqlite") return restoreFile(backup, location.file, location.folder, force, terminal);
  return restoreInto(backup, location, terminal);
}

/** Beside the old file, and in its place when all is verified. A running server keeps its folder: refused. */
async function restoreFile(
  backup: string,
  file: string,
  folder: string,
  force: boolean,
  terminal: Terminal,
): Promise<BackupSummary> {
  const lock = takeFolder(folder);
  const fresh = mkdtempSync(join(folder, "restoring-"));
  try {
    const occupied = inspectFile(file) !== undefined;
    if (occupied && !force) {
      const text = `${folder} holds documents already; --force moves them aside, --data names another folder`;
      throw new CommandError(EXIT_CODES.refused, text);
    }
    const newFile = join(fresh, "tutti.sqlite");
    const summary = await restoreInto(backup, { kind: "sqlite", file: newFile, folder: fresh }, terminal);
    if (occupied) moveAside(folder, terminal);
    renameSync(newFile, file);
    return summary;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    lock.release();
  }
}

function takeFolder(folder: string) {
  try {
    return lockFolder(folder);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new CommandError(EXIT_CODES.refused, `${error.message}: stop it first`);
  }
}

/** The database with its write-ahead log, in a folder of its own. Nothing is deleted. */
function moveAside(folder: string, terminal: Terminal): void {
  const stamp = new Date(terminal.clock.now()).toISOString().replace(/[:.]/g, "-");
  const aside = join(folder, `replaced-${stamp}`);
  mkdirSync(aside);
  const files = readdirSync(folder).filter((name) => name.startsWith("tutti.sqlite"));
  for (const name of files) renameSync(join(folder, name), join(aside, name));
  terminal.note(`what was there is now in ${aside}`);
}

async function restoreInto(backup: string, location: StoreLocation, terminal: Terminal): Promise<BackupSummary> {
  const store = await terminal.openStore(location);
  try {
    await refuseOccupied(store);
    const progress = new Progress(terminal, "documents restored");
    const time = terminal.clock.now();
    const summary = await restoreBackup(backupFileLines(backup), store, time, (documents, operations) =>
      progress.show(documents, undefined, `${operations} operations`),
    );
    const ids = (await everyDocument(store)).map(({ id }) => id);
    await verifyRestored(store, ids, terminal);
    return summary;
  } finally {
    await store.close();
  }
}

async function refuseOccupied(store: Store): Promise<void> {
  if ((await store.allDocuments(undefined, 1)).length === 0) return;
  throw new CommandError(EXIT_CODES.refused, "the database holds documents already; restore into an empty one");
}

async function verifyRestored(store: Store, ids: readonly string[], terminal: Terminal): Promise<void> {
  const progress = new Progress(terminal, "documents verified");
  for (const [index, id] of ids.entries()) {
    progress.show(index, ids.length);
    const [problem] = (await verifyDocument(store, id)).problems;
    if (problem !== undefined) throw new StoreError("damaged", `after the restore, ${id}: ${problem.message}`);
  }
}
