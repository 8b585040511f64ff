import { CommanderError } from "commander";
import { ConfigError } from "../config.js";
import { StoreError } from "../storage/store.js";
import { CommandError, EXIT_CODES, type ExitCode } from "./exit-codes.js";
import { createProgram } from "./program.js";
import type { Terminal } from "./terminal.js";

/**
 * Runs one command to its end.
 * @param words of the command line, without the name of the program
 * @returns the exit code; never rejects
 */
export async function run(words: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: ExitCode = EXIT_CODES.ok;
  const program = createProgram(terminal, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...words], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
    const { code, message } = explain(error);
    terminal.note(`tutti: ${message}`);
    return code;
  }
}

function explain(error: unknown): { readonly code: ExitCode; readonly message: string } {
  if (error instanceof CommandError) return { code: error.exitCode, message: error.message };
  if (error instanceof ConfigError) return { code: EXIT_CODES.usage, message: error.message };
  if (error instanceof StoreError && error.code === "archived") {
    return { code: EXIT_CODES.storage, message: `${error.message}; TUTTI_ARCHIVE has to say where that is` };
  }
  if (error instanceof StoreError) return { code: EXIT_CODES.storage, message: error.message };
  if (!(error instanceof Error)) return { code: EXIT_CODES.internal, message: String(error) };
  const code = "code" in error ? String(error.code) : "";
  if (code === "EADDRINUSE") {
    const message = `${error.message}. Is Tutti running already? Choose another port with TUTTI_PORT.`;
    return { code: EXIT_CODES.problems, message };
  }
  if (/^(EACCES|EPERM|ENOENT|ENOSPC|EROFS|ENOTDIR|SQLITE_)/.test(code)) {
    return { code: EXIT_CODES.storage, message: error.message };
  }
  return { code: EXIT_CODES.internal, message: error.stack ?? error.message };
}
