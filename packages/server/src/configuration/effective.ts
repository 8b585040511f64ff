import { ConfigError, type Setting, type Source } from "./setting.js";
import { SETTINGS } from "./settings.js";
import { nearest } from "./spelling.js";

/** What an operator said, in three places; before all of them come the defaults. */
export interface ConfigSources {
  /** By name of the flag. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly file?: { readonly path: string; readonly content: unknown } | undefined;
}

/** One setting with the value that holds, and where it came from. */
export interface Effective {
  readonly setting: Setting<unknown>;
  readonly value: unknown;
  readonly source: Source;
}

/**
 * The effective configuration: flags before environment before config file before defaults.
 * @returns one entry for each setting, in the order of the table
 * @throws ConfigError for the first value that is wrong, or a name in the file that is none
 */
export function effectiveConfig(sources: ConfigSources): readonly Effective[] {
  const fileValues = flatten(sources.file);
  return SETTINGS.map((setting) => {
    const found = find(setting, sources, fileValues);
    if (found === undefined) return { setting, value: setting.default, source: { kind: "default" } };
    const value = setting.kind.parse(found.raw);
    if (value !== undefined) return { setting, value, source: found.source };
    const shown = setting.mask === undefined ? JSON.stringify(found.raw) : undefined;
    throw new ConfigError(setting.name, found.source, setting.kind.expected, shown);
  });
}

/** As a person reads it; secrets are masked. */
export function formatValue({ setting, value, source }: Effective): string {
  if (source.kind === "default" && setting.defaultText !== undefined) return `(${setting.defaultText})`;
  return setting.mask === undefined ? setting.kind.format(value) : setting.mask(value);
}

/** Variables that look like ours and are none: a misspelt one would be ignored in silence. */
export function unknownVariables(
  environment: Readonly<Record<string, string | undefined>>,
): readonly { readonly variable: string; readonly meant: string | undefined }[] {
  const known = SETTINGS.map((setting) => setting.variable);
  return Object.keys(environment)
    .filter((name) => name.startsWith("TUTTI_") && !known.includes(name) && name !== "TUTTI_CONFIG")
    .map((variable) => ({ variable, meant: nearest(variable, known) }));
}

interface Found {
  readonly raw: unknown;
  readonly source: Source;
}

function find(setting: Setting<unknown>, sources: ConfigSources, fileValues: ReadonlyMap<string, Found>) {
  const flag = setting.flag === undefined ? undefined : sources.flags[setting.flag.name];
  if (flag !== undefined) return { raw: flag, source: { kind: "flag", flag: setting.flag?.name ?? "" } } as const;
  const variable = sources.environment[setting.variable];
  // An empty variable is how shells and compose files say "unset".
  if (variable !== undefined && variable !== "") {
    return { raw: variable, source: { kind: "environment", variable: setting.variable } } as const;
  }
  return fileValues.get(setting.name);
}

/** `{"limits": {"frameBytes": 1}}` as `limits.frameBytes`. */
function flatten(file: ConfigSources["file"]): ReadonlyMap<string, Found> {
  const values = new Map<string, Found>();
  if (file === undefined) return values;
  const source: Source = { kind: "file", file: file.path };
  const names = SETTINGS.map((setting) => setting.name);
  const visit = (value: unknown, path: string): void => {
    if (names.includes(path)) {
      values.set(path, { raw: value, source });
    } else if (isObject(value) && (path === "" || names.some((name) => name.startsWith(`${path}.`)))) {
      for (const [key, inner] of Object.entries(value)) visit(inner, path === "" ? key : `${path}.${key}`);
    } else if (path === "") {
      throw new ConfigError(undefined, source, "a JSON object");
    } else {
      const meant = nearest(path, names);
      throw new ConfigError(path, source, `a known setting${meant === undefined ? "" : `; did you mean ${meant}?`}`);
    }
  };
  visit(file.content, "");
  return values;
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
