import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Latencies } from "../replay/figures.js";

const WRITES = 300;
/** About what a commit of ten operations adds to a write-ahead log. */
const BYTES = 12_288;

/** Median milliseconds to write a little and have it on disk: what any durable answer takes at least, here and now. */
export async function syncMilliseconds(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "tutti-bench-"));
  const file = await open(join(folder, "file"), "w");
  const latencies = new Latencies();
  const bytes = Buffer.alloc(BYTES);
  for (let count = 0; count < WRITES; count += 1) {
    const started = performance.now();
    await file.write(bytes);
    await file.datasync();
    latencies.add(performance.now() - started);
  }
  await file.close();
  await rm(folder, { recursive: true, force: true });
  return latencies.percentile(0.5) ?? Number.NaN;
}
