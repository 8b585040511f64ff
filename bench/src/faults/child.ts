import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The built modules, also for those who run this from its sources. */
const BUILT = new URL("../../dist/faults/", import.meta.url);

/**
 * Starts a module of this folder as a process of its own that speaks by messages.
 * @param module path of the built file from `faults/`
 * @param order its first message
 */
export function startChild(module: string, order: object): ChildProcess {
  const child = fork(fileURLToPath(new URL(module, BUILT)), { execArgv: [], serialization: "advanced" });
  child.send(order);
  return child;
}

/** The first message of a child that fulfils the condition. @throws Error when the child ends before */
export function messageOf<M, W extends M>(child: ChildProcess, wanted: (message: M) => message is W): Promise<W> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`a helper process ended with ${code}`));
    const heard = (message: unknown): void => {
      if (!wanted(message as M)) return;
      child.off("exit", ended).off("message", heard);
      resolve(message as W);
    };
    child.on("message", heard).once("exit", ended);
  });
}
