#!/usr/bin/env node
import { hocuspocus, shareDb, shareDbPostgres, tutti, yWebSocket } from "./contestants.js";
import { measureTyping } from "./typing.js";

const all = [tutti, hocuspocus, yWebSocket, shareDb, shareDbPostgres];
const names = (process.argv[2] ?? "").split(",").filter(Boolean);
const row = process.argv[3] ?? "ab";
const flags = process.argv.slice(4);
for (const c of all) {
  if (names.length && !names.includes(c.name.split(" ")[0] + (c === shareDbPostgres ? "-pg" : ""))) continue;
  try {
    const r = await c.start(flags);
    const show = (t: Awaited<ReturnType<typeof measureTyping>>) =>
      `${Math.round(t.operations / t.seconds)} op/s ack p50 ${t.acknowledged.p50.toFixed(2)} p99 ${t.acknowledged.p99.toFixed(2)} deliv p50 ${t.delivered.p50.toFixed(2)} p99 ${t.delivered.p99.toFixed(2)} server ${t.serverCpu.toFixed(4)} ms/op driver ${t.driver.toFixed(2)}`;
    if (row.includes("a"))
      process.stdout.write(
        `${c.name}: a ${show(await measureTyping(c, r, { editors: 10, rate: 0, warmUp: 2, seconds: 5 }))}\n`,
      );
    if (row.includes("b"))
      process.stdout.write(
        `${c.name}: b ${show(await measureTyping(c, r, { editors: 100, rate: 5, warmUp: 2, seconds: 5 }))}\n`,
      );
    await r.dispose();
  } catch (e) {
    process.stdout.write(`${c.name}: ${e instanceof Error ? e.stack : String(e)}\n`);
  }
}
