/**
 * Loaded into every server process before the server (`node --import`): answers what it has used so far. Processor time
 * is that of all threads of the process.
 */
export interface Probe {
  /** Milliseconds of processor time since the start. */
  readonly cpu: number;
  /** Bytes after a full collection, where one was asked for: V8's heap with what it keeps outside, and resident. */
  readonly heap: number;
  readonly resident: number;
}

declare const gc: undefined | (() => void);

function measure(collect: boolean): Probe {
  if (collect && typeof gc === "function") gc();
  const { user, system } = process.cpuUsage();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { cpu: (user + system) / 1_000, heap: heapUsed + external, resident: rss };
}

process.on("message", (request) => {
  // Others may have something to say to the server.
  if (request !== "collect" && request !== "now") return;
  const collect = request === "collect";
  // What the collector frees is returned to the system a moment later.
  if (collect) measure(true);
  process.send?.(measure(collect));
});
// A server that has nothing else to do must be able to end.
process.channel?.unref();
// Whoever measures has gone, perhaps without a word: nobody needs this server any more.
process.once("disconnect", () => process.exit());
