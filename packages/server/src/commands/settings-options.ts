import { type Command, Option } from "commander";
import { type Config, type ConfigFlags, readConfig } from "../config.js";
import { SETTINGS } from "../configuration/settings.js";
import type { Terminal } from "./terminal.js";

/** Gives a command the flags of the table of settings, and `--config`. @param names of the flags; left out: all */
export function withSettings(command: Command, names?: readonly string[]): Command {
  for (const { flag, variable, meaning, kind, default: value } of SETTINGS) {
    if (flag === undefined || names?.includes(flag.name) === false) continue;
    const text = `${meaning} (${variable}; default ${kind.format(value)})`;
    command.addOption(new Option(`--${flag.name} ${flag.value}`, text));
  }
  return command.option("--config <file>", "Config file (TUTTI_CONFIG; default tutti.config.json in the data folder)");
}

/** @throws ConfigError */
export function configOf(flags: ConfigFlags, terminal: Terminal): Config {
  return readConfig(flags, terminal.environment);
}
