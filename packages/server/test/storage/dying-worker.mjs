import { parentPort } from "node:worker_threads";

// Before the real worker hears of it: a call that says "die" ends the thread, as a crash would.
parentPort?.on("message", ({ args }) => {
  if (args.includes("die")) process.exit(1);
});
await import("../../dist/storage/sqlite-worker.js");
