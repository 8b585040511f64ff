import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "./setting.js";

/** Looked for in the data folder when nothing else is named. */
export const CONFIG_FILE = "tutti.config.json";

export interface ConfigFile {
  readonly path: string;
  readonly content: unknown;
}

/**
 * The config file: the one that is named, or the one in the data folder.
 * @param named by flag or environment; it must be there then
 * @returns undefined when nothing is named and the data folder has none
 * @throws ConfigError when it can't be read, or isn't JSON
 */
export function readConfigFile(named: string | undefined, dataFolder: string): ConfigFile | undefined {
  const path = named ?? join(dataFolder, CONFIG_FILE);
  const source = { kind: "file", file: path } as const;
  let content: string;
  try {
    content = readFileSync(path, "utf8");
  } catch (error) {
    if (named === undefined && isMissing(error)) return undefined;
    throw new ConfigError(undefined, source, "a file that can be read", explain(error));
  }
  try {
    return { path, content: JSON.parse(content) as unknown };
  } catch (error) {
    throw new ConfigError(undefined, source, "JSON", explain(error));
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");

const explain = (error: unknown): string => (error instanceof Error ? error.message : String(error));
