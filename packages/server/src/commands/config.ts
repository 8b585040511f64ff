import { Command } from "commander";
import { type ConfigFlags, readConfigInEffect } from "../config.js";
import { type Effective, formatValue, unknownVariables } from "../configuration/effective.js";
import { describeSource } from "../configuration/setting.js";
import { withSettings } from "./settings-options.js";
import { columns } from "./table.js";
import type { Terminal } from "./terminal.js";

export function configCommand(terminal: Terminal): Command {
  return withSettings(new Command("config"))
    .description("print the configuration that holds, with where each value comes from; secrets are masked")
    .option("--json", "as JSON")
    .action((flags: ConfigFlags & { readonly json?: true }) => {
      const { entries, file } = readConfigInEffect(flags, terminal.environment);
      if (flags.json)
        terminal.result(JSON.stringify({ file: file ?? null, settings: entries.map(asJson) }, undefined, 2));
      else for (const line of asTable(entries)) terminal.result(line);
      for (const { variable, meant } of unknownVariables(terminal.environment)) {
        terminal.note(`warning: ${variable} is no setting${meant === undefined ? "" : `; did you mean ${meant}?`}`);
      }
    });
}

function asTable(entries: readonly Effective[]): readonly string[] {
  return columns([
    ["setting", "value", "from"],
    ...entries.map((entry) => [entry.setting.name, formatValue(entry), describeSource(entry.source)]),
  ]);
}

function asJson(entry: Effective) {
  const { setting, value, source } = entry;
  const secret = setting.mask !== undefined;
  return { name: setting.name, value: secret ? formatValue(entry) : (value ?? null), source, secret };
}
