import { Command } from "commander";
import { type Config, ConfigError, type ConfigFlags, isLoopback, readConfig } from "./config.js";
import { serve } from "./serve.js";

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const program = new Command("tutti").description("Tutti: real-time collaboration you can trust.");
program
  .command("serve", { isDefault: true })
  .description("serve documents and the web app from this process, on SQLite")
  .option("--host <address>", "address to listen on (TUTTI_HOST; default 127.0.0.1)")
  .option("--port <number>", "port to listen on (TUTTI_PORT; default 4400)")
  .option("--data <folder>", "folder that holds everything (TUTTI_DATA; default ./data)")
  .action(runServe);
await program.parseAsync();

async function runServe(flags: ConfigFlags): Promise<void> {
  try {
    await serveUntilStopped(readConfig(flags, process.env));
  } catch (error) {
    process.stderr.write(`tutti: ${explain(error)}\n`);
    process.exitCode = 1;
  }
}

async function serveUntilStopped(config: Config): Promise<void> {
  const running = await serve(config);
  say(`Tutti is ready:  ${running.url}`);
  say(`Your data is in: ${config.data}`);
  say(
    isLoopback(config.host)
      ? "It listens on this machine only; anybody here can sign in as a guest."
      : `It listens on ${config.host}, so others can reach it; guest sign-in is off.`,
  );
  await new Promise<void>((resolve) => {
    process.once("SIGTERM", resolve);
    process.once("SIGINT", resolve);
  });
  say("Stopping: writing what is pending, telling everybody to come back.");
  await running.stop();
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && error.code === "EADDRINUSE") {
    return `${error.message}. Is Tutti running already? Choose another port with TUTTI_PORT.`;
  }
  return error.message;
}
