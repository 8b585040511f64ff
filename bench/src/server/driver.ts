import { run, type Task } from "./workloads.js";

/**
 * The process of the editors: `driver.js TASK`, forked by the benchmark. It says "open" and "close" around the window
 * that counts and waits for an answer each time, then sends what it measured.
 */
const measured = await run(JSON.parse(process.argv[2] ?? "") as Task, async (open) => {
  process.send?.(open ? "open" : "close");
  await new Promise((resolve) => process.once("message", resolve));
});
process.send?.(measured, () => process.exit());
