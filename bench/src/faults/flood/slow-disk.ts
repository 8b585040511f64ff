import { join } from "node:path";
import { grouped } from "../../replay/figures.js";
import { messageOf, startChild } from "../child.js";
import type { FromLock, LockOrder } from "./messages.js";
import type { Findings, Scenario, Stage } from "./scenario.js";
import { SteadyWriters } from "./steady-writers.js";

const HELD = 5000;
const TIMES = 3;

/** Another process holds the lock of the database: for the server, a disk that takes five seconds. */
async function holdLock(stage: Stage): Promise<Findings> {
  const file = join(stage.server.data, "tutti.sqlite");
  const writers = await SteadyWriters.start(stage);
  const problems: string[] = [];
  try {
    for (let time = 0; time < TIMES; time += 1) {
      const order: LockOrder = { file, milliseconds: HELD };
      const child = startChild("flood/lock-process.js", order);
      await messageOf(child, (message: FromLock) => message.type === "held");
      const before = writers.acknowledged;
      await new Promise((resolve) => setTimeout(resolve, HELD / 2));
      if (writers.acknowledged > before + 5) problems.push("something was acknowledged while nothing could be written");
      if (writers.statusesNow.includes("Saved")) problems.push('somebody reads "Saved" and is not');
      await messageOf(child, (message: FromLock) => message.type === "released");
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    problems.push(...(await writers.finish()));
    const notes = [
      `${TIMES} × ${grouped(HELD)} ms without a commit; ${grouped(writers.acknowledged)} edits of 5 writers saved`,
      `told: ${[...writers.statuses].join(", ")}`,
    ];
    return { notes, problems };
  } finally {
    writers.dispose();
  }
}

export const SLOW_DISK: Scenario = {
  name: "slow-disk",
  description: `the disk takes ${HELD / 1000} s, ${TIMES} times`,
  memory: 300_000_000,
  others: undefined,
  rounds: 1,
  run: holdLock,
};
