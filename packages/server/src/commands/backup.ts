import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { Command } from "commander";
import { backupFileLines, backupPath, writeBackupFile } from "../backup/backup-file.js";
import { type BackupSummary, readBackup } from "../backup/read-backup.js";
import { backupLines } from "../backup/write-backup.js";
import type { ConfigFlags } from "../config.js";
import { everyDocument, withDocuments } from "./open-documents.js";
import { Progress } from "./progress.js";
import { configOf, withSettings } from "./settings-options.js";
import { roughSize } from "./size.js";
import type { Terminal } from "./terminal.js";

type Options = ConfigFlags & { readonly json?: true };

export function backupCommand(terminal: Terminal): Command {
  return withSettings(new Command("backup"), ["data"])
    .description("write everything into one file while people go on typing, and verify it")
    .argument("<folder-or-file>", "a folder, for a file named after the time; or a file that is not there yet")
    .option("--json", "the result as JSON")
    .action(async (target: string, options: Options) => {
      const config = configOf(options, terminal);
      const time = terminal.clock.now();
      const file = await backupPath(target, time);
      await mkdir(dirname(file), { recursive: true });
      const progress = new Progress(terminal, "documents");
      const bytes = await withDocuments(config, terminal, async (store) =>
        writeBackupFile(
          file,
          backupLines(store, await everyDocument(store), time, (done, total, operations) =>
            progress.show(done, total, `${operations} operations`),
          ),
        ),
      );
      const summary = await verifyBackup(file, terminal);
      if (options.json) terminal.result(JSON.stringify({ file, bytes, ...summary }));
      else terminal.result(`${file}: ${summarise(summary)}, ${roughSize(bytes)}, verified`);
    });
}

/** Reads the file again, as a restore would. @throws StoreError `damaged` */
export function verifyBackup(file: string, terminal: Terminal): Promise<BackupSummary> {
  const progress = new Progress(terminal, "documents verified");
  const reader = { document: nothing, operations: nothing, name: nothing, role: nothing, end: nothing, audit: nothing };
  return readBackup(backupFileLines(file), reader, (documents, operations) =>
    progress.show(documents, undefined, `${operations} operations`),
  );
}

export const summarise = ({ documents, operations }: BackupSummary): string =>
  `${documents} documents, ${operations} operations`;

async function nothing(): Promise<void> {}
