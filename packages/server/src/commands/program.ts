import { Command } from "commander";
import { nearest } from "../configuration/spelling.js";
import { backupCommand } from "./backup.js";
import { compactCommand } from "./compact.js";
import { configCommand } from "./config.js";
import { doctorCommand } from "./doctor.js";
import { CommandError, EXIT_CODES, type ExitCode } from "./exit-codes.js";
import { inspectCommand } from "./inspect.js";
import { restoreCommand } from "./restore.js";
import { serveCommand } from "./serve.js";
import type { Terminal } from "./terminal.js";
import { verifyCommand } from "./verify.js";

/** A command of `tutti`: what it takes, and what it does. `finish` sets an exit code other than 0. */
export type CommandFactory = (terminal: Terminal, finish: (code: ExitCode) => void) => Command;

const COMMANDS: readonly CommandFactory[] = [
  serveCommand,
  verifyCommand,
  inspectCommand,
  backupCommand,
  restoreCommand,
  compactCommand,
  configCommand,
  doctorCommand,
];

const EXPLANATIONS = `
Without a command, tutti serves. Every command takes --data, --config and the settings of docs/configuration.md.
Exit codes: 0 all is well, 1 problems found, 2 wrong usage or configuration, 3 documents can't be reached, 4 refused
because it would be unsafe.`;

/** The whole command line. Help and errors go to the terminal; nothing ends the process. */
export function createProgram(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  const program = new Command("tutti").description("Tutti: real-time collaboration you can trust.");
  for (const create of COMMANDS) program.addCommand(create(terminal, finish), { isDefault: create === serveCommand });
  program.addHelpText("after", EXPLANATIONS);
  program.hook("preAction", (_program, action) => refuseStrayWords(action, program));
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => terminal.result(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
    });
  }
  return program;
}

/** The command that runs without being named takes no words, so a word there is a misspelt command. */
function refuseStrayWords(action: Command, program: Command): void {
  const [word] = action.args;
  if (action.name() !== "serve" || word === undefined) return;
  const meant = nearest(
    word,
    program.commands.map((command) => command.name()),
  );
  const hint = meant === undefined ? "`tutti --help` lists them" : `did you mean ${meant}?`;
  throw new CommandError(EXIT_CODES.usage, `there is no command ${JSON.stringify(word)}; ${hint}`);
}
