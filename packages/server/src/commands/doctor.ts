import { Command } from "commander";
import { type Config, ConfigError, type ConfigFlags } from "../config.js";
import { CHECKS, type Check, type Finding } from "./doctor-checks.js";
import { EXIT_CODES, type ExitCode } from "./exit-codes.js";
import { configOf, withSettings } from "./settings-options.js";
import { columns } from "./table.js";
import type { Terminal } from "./terminal.js";

type Options = ConfigFlags & { readonly json?: true };

export function doctorCommand(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  return withSettings(new Command("doctor"))
    .description("look at everything that a server here depends on, and say what to do about it")
    .option("--json", "as JSON")
    .action(async (options: Options) => {
      const findings = await examine(options, terminal);
      if (options.json) terminal.result(JSON.stringify(findings, undefined, 2));
      else for (const line of asText(findings)) terminal.result(line);
      if (findings.some(({ state }) => state === "problem")) finish(EXIT_CODES.problems);
    });
}

async function examine(flags: ConfigFlags, terminal: Terminal): Promise<readonly Finding[]> {
  let config: Config;
  try {
    config = configOf(flags, terminal);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // Where everything else is, is not known then.
    return [{ name: "configuration", state: "problem", message: error.message, advice: "see docs/configuration.md" }];
  }
  const findings: Finding[] = [];
  for (const check of CHECKS) findings.push(await run(check, config, terminal));
  return findings;
}

async function run(check: Check, config: Config, terminal: Terminal): Promise<Finding> {
  try {
    return { name: check.name, ...(await check.run(config, terminal)) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { name: check.name, state: "problem", message, advice: "see docs/operations.md" };
  }
}

function asText(findings: readonly Finding[]): readonly string[] {
  return columns(
    findings.map(({ name, state, message, advice }) => [
      state,
      name,
      advice === undefined ? message : `${message}; ${advice}`,
    ]),
  );
}
