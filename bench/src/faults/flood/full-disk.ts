import { execFile } from "node:child_process";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { grouped } from "../../replay/figures.js";
import type { Findings, PreparedFolder, Scenario, Stage } from "./scenario.js";
import { SteadyWriters } from "./steady-writers.js";

const run = promisify(execFile);
/** Of the disk, in megabytes. */
const SIZE = 16;
const FULL = 5000;
const BALLAST = "ballast";
const after = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A small disk of its own, in memory. @throws Error where this account may not mount one */
async function mountSmallDisk(): Promise<PreparedFolder> {
  const data = await mkdtemp(join(tmpdir(), "tutti-small-"));
  await run("mount", ["-t", "tmpfs", "-o", `size=${SIZE}m,mode=700`, "tutti", data]);
  return {
    data,
    async remove() {
      await run("umount", [data]);
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** Writes until not a byte is left. */
async function fill(data: string): Promise<void> {
  const file = await open(join(data, BALLAST), "a");
  try {
    for (let size = 1_000_000; size >= 1; size = Math.floor(size / 2)) {
      while (await wrote(file.write(Buffer.alloc(size))));
    }
  } finally {
    await file.close();
  }
}

const wrote = (writing: Promise<{ readonly bytesWritten: number }>): Promise<boolean> =>
  writing.then(
    ({ bytesWritten }) => bytesWritten > 0,
    () => false,
  );

/** The disk fills up under people who write, stays full for a while, and then somebody makes room. */
async function fillAndFree(stage: Stage): Promise<Findings> {
  const { data } = stage.server;
  const writers = await SteadyWriters.start(stage);
  const problems: string[] = [];
  try {
    await after(2000);
    await fill(data);
    // What still fits into the last pages of the log.
    await after(1000);
    await fill(data);
    const before = writers.acknowledged;
    await after(FULL);
    const late = writers.acknowledged - before;
    const told = writers.statusesNow;
    if (told.includes("Saved")) problems.push('somebody reads "Saved" while nothing can be saved');
    await rm(join(data, BALLAST));
    const freed = performance.now();
    while (writers.acknowledged === before + late && performance.now() - freed < 30_000) await after(10);
    const resumed = performance.now() - freed;
    problems.push(...(await writers.finish()));
    const notes = [
      `full for ${grouped(FULL)} ms (${late} edits still saved), writers were told: ${[...new Set(told)].join(", ")}`,
      `writing went on ${grouped(resumed)} ms after there was room; ${grouped(writers.acknowledged)} edits saved in all`,
    ];
    return { notes, problems };
  } finally {
    writers.dispose();
  }
}

export const FULL_DISK: Scenario = {
  name: "full-disk",
  description: `a disk of ${SIZE} MB that is full for ${FULL / 1000} s`,
  memory: 300_000_000,
  others: undefined,
  rounds: 1,
  prepare: mountSmallDisk,
  run: fillAndFree,
};
