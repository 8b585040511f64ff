import type { Target } from "./dialects/dialect.js";
import { HocuspocusDialect } from "./dialects/hocuspocus.js";
import { ShareDbDialect } from "./dialects/sharedb.js";
import { TuttiDialect } from "./dialects/tutti.js";
import { YWebSocketDialect } from "./dialects/y-websocket.js";
import { type DialectFactory, run, type Task } from "./workloads.js";

/**
 * The process of the editors: `driver.js TASK`, forked by the benchmark. It says "open" and "close" around the window
 * that counts and waits for an answer each time, then sends what it measured.
 */
const FACTORIES: Readonly<Record<string, DialectFactory>> = {
  tutti: (target: Target, name: string, number: number) => new TuttiDialect(target, name, number),
  sharedb: (target: Target, name: string, number: number) => new ShareDbDialect(target, name, number),
  hocuspocus: (target: Target, name: string, number: number) => new HocuspocusDialect(target, name, number),
  "y-websocket": (target: Target, name: string, number: number) => new YWebSocketDialect(target, name, number),
};

const task = JSON.parse(process.argv[2] ?? "") as Task;
const factory = FACTORIES[task.dialect];
if (factory === undefined) throw new Error(`no dialect ${task.dialect}`);
const measured = await run(task, factory, async (open) => {
  process.send?.(open ? "open" : "close");
  await new Promise((resolve) => process.once("message", resolve));
});
process.send?.(measured, () => process.exit());
