import { createReadStream, createWriteStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline as pipelineWithCallback, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { StoreError } from "../storage/store.js";

/**
 * Writes lines into a new compressed file, readable by its owner only. It appears under its name when it is complete and
 * on the disk, never before.
 *
 * @returns its size in bytes
 * @throws Error EEXIST when the file is there already; nothing is overwritten
 */
export async function writeBackupFile(file: string, lines: AsyncIterable<string>): Promise<number> {
  const partial = `${file}.partial`;
  await refuseExisting(file);
  try {
    const output = createWriteStream(partial, { mode: 0o600, flush: true });
    await pipeline(Readable.from(lines, { objectMode: true }), createGzip(), output);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  await syncFolder(dirname(file));
  return (await stat(file)).size;
}

/** The lines of a compressed file. @throws StoreError `damaged` when it is cut short or not compressed */
export async function* backupFileLines(file: string): AsyncGenerator<string> {
  const gunzip = createGunzip();
  gunzip.setEncoding("utf8");
  // Both ends learn of an error of the other; it comes out of the loop below.
  pipelineWithCallback(createReadStream(file), gunzip, () => {});
  let rest = "";
  try {
    for await (const chunk of gunzip as AsyncIterable<string>) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } catch (error) {
    if (error instanceof Error && "code" in error && String(error.code).startsWith("Z_")) {
      throw new StoreError("damaged", `the backup is damaged: ${error.message}`);
    }
    throw error;
  }
  if (rest !== "") yield rest;
}

/** Where a backup goes: into a folder under a name with its time, or into the file that is named. */
export async function backupPath(target: string, time: number): Promise<string> {
  const stamp = new Date(time).toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
  return (await isFolder(target)) ? join(target, `tutti-${stamp}.jsonl.gz`) : target;
}

async function isFolder(path: string): Promise<boolean> {
  if (path.endsWith("/")) return true;
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function refuseExisting(file: string): Promise<void> {
  const exists = await stat(file).then(
    () => true,
    () => false,
  );
  if (exists) throw new StoreError("exists", `${file} is there already; a backup overwrites nothing`);
}

/** A renamed file is durable when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
