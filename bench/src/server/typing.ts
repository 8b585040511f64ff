import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Contestant, Running } from "./contestants.js";
import type { Measured, Task } from "./workloads.js";

const DRIVER = fileURLToPath(new URL("./driver.js", import.meta.url));

/** How a server did while people typed on one document. */
export interface Typing extends Measured {
  /** Processor milliseconds of the server for each operation. */
  readonly serverCpu: number;
}

export type Workload = Pick<Task, "editors" | "rate" | "warmUp" | "seconds">;

/** @throws Error when the driver or the server fails */
export async function measureTyping(contestant: Contestant, running: Running, workload: Workload): Promise<Typing> {
  const task: Task = { target: await running.target(), dialect: contestant.dialect, ...workload };
  const driver = fork(DRIVER, [JSON.stringify(task)], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  let before = 0;
  let used = 0;
  return new Promise((resolve, reject) => {
    driver.once("exit", (code) => reject(new Error(`the driver of ${contestant.name} ended with code ${code}`)));
    driver.on("message", (message: "open" | "close" | Measured) => {
      if (typeof message === "object") {
        resolve({ ...message, serverCpu: used / message.operations });
        return;
      }
      void running.server.probe().then(({ cpu }) => {
        if (message === "open") before = cpu;
        else used = cpu - before;
        driver.send("go on");
      }, reject);
    });
  });
}
