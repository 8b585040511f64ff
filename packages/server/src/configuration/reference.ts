import type { Setting } from "./setting.js";
import { SETTINGS } from "./settings.js";

const HEAD = `# Configuration

Made from the table in \`packages/server/src/configuration/settings.ts\` (\`npm run docs:configuration\`); a test holds the
two equal.

A value comes from the first place that has one: a flag, an environment variable, the config file, the default. The
config file is \`tutti.config.json\` in the data folder, or the one that \`--config\` or \`TUTTI_CONFIG\` names: a JSON
object, in which a name with a dot is an object inside: \`{"port": 5000, "limits": {"frameBytes": "2 MB"}}\`. \`data\`
itself can be set in a file that is named, not in one that lies in the data folder. A file that holds secrets should be
readable by the account of the server only.

Times are written as \`250 ms\`, \`60 s\`, \`5 min\`, \`1 h\`, \`30 d\`; a bare number counts seconds. Sizes are written as
\`500 kB\`, \`16 MB\`, \`1 GiB\`; a bare number counts bytes. A value that is wrong, or a name in the file that is unknown,
keeps the server from starting (exit code 2) and says where it was set and what was expected.

\`tutti config\` prints what holds, with the place where each value came from; secrets are masked.
`;

/** The text of docs/configuration.md. */
export function configurationReference(): string {
  const rows = SETTINGS.map((setting) => `| ${cells(setting).join(" | ")} |`);
  const table = [
    "| in the file | environment | flag | default | expected | meaning |",
    "|---|---|---|---|---|---|",
    ...rows,
  ];
  return `${HEAD}\n${table.join("\n")}\n`;
}

function cells(setting: Setting<unknown>): readonly string[] {
  const byDefault = setting.defaultText ?? `\`${setting.kind.format(setting.default)}\``;
  const flag = setting.flag === undefined ? "" : `\`--${setting.flag.name} ${setting.flag.value}\``;
  const secret = setting.mask === undefined ? "" : " Secret.";
  return [
    `\`${setting.name}\``,
    `\`${setting.variable}\``,
    flag,
    byDefault,
    setting.kind.expected,
    `${setting.meaning}${secret}`,
  ];
}
