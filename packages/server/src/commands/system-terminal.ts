import { systemClock } from "../environment.js";
import { openStore } from "../open-store.js";
import type { Terminal } from "./terminal.js";

/** Back to the start of the line, and clear it. */
const REWRITE = "\r\u001b[2K";

/** The terminal of a real process. */
export function systemTerminal(process: NodeJS.Process): Terminal {
  const { stdout, stderr } = process;
  let unfinished = false;
  const clear = (): void => {
    if (unfinished) stderr.write(REWRITE);
    unfinished = false;
  };
  return {
    environment: process.env,
    clock: systemClock,
    result: (line) => {
      clear();
      stdout.write(`${line}\n`);
    },
    note: (line) => {
      clear();
      stderr.write(`${line}\n`);
    },
    status: stderr.isTTY
      ? (line) => {
          stderr.write(REWRITE + line.slice(0, (stderr.columns ?? 80) - 1));
          unfinished = true;
        }
      : undefined,
    openStore: (location) => openStore(location),
    onStop: (listener) => {
      process.on("SIGTERM", listener);
      process.on("SIGINT", listener);
    },
  };
}
