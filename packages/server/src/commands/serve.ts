import { Command } from "commander";
import { type Config, type ConfigFlags, isLoopback } from "../config.js";
import { formatDuration } from "../configuration/kind.js";
import { type RunningServer, serve } from "../serve.js";
import { CommandError, EXIT_CODES } from "./exit-codes.js";
import { configOf, withSettings } from "./settings-options.js";
import type { Terminal } from "./terminal.js";

/** Milliseconds beyond the drain window after which storage that still doesn't answer is given up. */
const PATIENCE = 30_000;

export function serveCommand(terminal: Terminal): Command {
  return withSettings(new Command("serve"))
    .description("serve documents and the web app from this process")
    .allowExcessArguments()
    .action((flags: ConfigFlags) => serveUntilStopped(configOf(flags, terminal), terminal));
}

async function serveUntilStopped(config: Config, terminal: Terminal): Promise<void> {
  const running = await serve(config);
  terminal.result(`Tutti is ready:  ${running.url}`);
  terminal.result(`Your data is in: ${config.databaseUrl === undefined ? config.data : "PostgreSQL"}`);
  terminal.result(
    isLoopback(config.host)
      ? "It listens on this machine only; anybody here can sign in as a guest."
      : `It listens on ${config.host}, so others can reach it; guest sign-in is off.`,
  );
  await stopWhenAsked(running, config, terminal);
}

/** The first request drains, the second one hurries; both end with everything durable that was acknowledged. */
async function stopWhenAsked(running: RunningServer, config: Config, terminal: Terminal): Promise<void> {
  let hurry: () => void = () => {};
  const hurried = new Promise<void>((resolve) => {
    hurry = resolve;
  });
  await new Promise<void>((resolve) => {
    let asked = false;
    terminal.onStop(() => {
      if (asked) hurry();
      asked = true;
      resolve();
    });
  });
  const longest = formatDuration(config.drain);
  terminal.result(`Stopping: writing what is pending (at most ${longest}), telling everybody when to come back.`);
  await withPatience(running.stop(hurried), config.drain + PATIENCE, terminal);
  terminal.result("Stopped.");
}

async function withPatience(stopping: Promise<void>, patience: number, terminal: Terminal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const cancel = terminal.clock.schedule(patience, () => {
      reject(new CommandError(EXIT_CODES.storage, "storage does not answer; what was acknowledged is durable"));
    });
    stopping.finally(cancel).then(resolve, reject);
  });
}
