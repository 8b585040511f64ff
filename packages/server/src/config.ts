import { resolve } from "node:path";
import type { Limits } from "@tutti/protocol";
import type { CrowdRules } from "./attendance/defaults.js";
import { type ArchiveLocation, archiveLocation } from "./configuration/archive-location.js";
import { type ConfigFile, readConfigFile } from "./configuration/config-file.js";
import { type Effective, effectiveConfig } from "./configuration/effective.js";
import { ConfigError } from "./configuration/setting.js";
import type { ServerValues } from "./configuration/settings.js";
import type { PresenceSettings } from "./presence/defaults.js";
import type { Protection } from "./protection/defaults.js";
import type { RetentionRules } from "./retention/rules.js";
import type { VandalismRules } from "./vandalism/rules.js";

export { ConfigError } from "./configuration/setting.js";

export interface Config {
  readonly host: string;
  readonly port: number;
  /** Folder that holds everything; made when missing. Absolute. */
  readonly data: string;
  /** Shared secret of the tokens; undefined: one is made and kept in the data folder. */
  readonly secret: string | undefined;
  /** PostgreSQL; undefined: SQLite in the data folder. */
  readonly databaseUrl: string | undefined;
  /** Most connections to PostgreSQL, that of appends not counted. */
  readonly databaseConnections: number;
  /** Milliseconds that a statement of PostgreSQL may take. */
  readonly databaseTimeout: number;
  /** Longest time (ms) over which clients come back after a stop, and that a stop waits for storage. */
  readonly drain: number;
  /** Time (ms) after which a connection on which nothing happens is closed; 0: never. */
  readonly idle: number;
  /** Undefined: there is none. */
  readonly archive: ArchiveLocation | undefined;
  /** Time (ms) between two runs of retention; 0: never. */
  readonly compactEvery: number;
  /** False: rate limits, quotas and suspensions are off (benchmarks). */
  readonly rateLimits: boolean;
  readonly limits: Limits;
  readonly protection: Protection;
  readonly crowd: CrowdRules;
  readonly retention: RetentionRules;
  readonly presence: PresenceSettings;
  /** `contentCheck` names a module; undefined: nobody looks at what people write. */
  readonly vandalism: VandalismRules & { readonly contentCheck: string | undefined };
}

/** By name, as commander gives them. `config` names the config file. */
export interface ConfigFlags {
  readonly host?: string;
  readonly port?: string;
  readonly data?: string;
  readonly config?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The configuration with where each value came from. */
export interface ConfigInEffect {
  readonly config: Config;
  readonly entries: readonly Effective[];
  /** undefined: there is none. */
  readonly file: string | undefined;
}

/**
 * The configuration: flags before environment before config file before defaults.
 * @throws ConfigError naming the setting that is wrong, where it was set, and what was expected
 */
export function readConfig(flags: ConfigFlags, environment: Environment): Config {
  return readConfigInEffect(flags, environment).config;
}

/** @throws ConfigError, as `readConfig` */
export function readConfigInEffect(flags: ConfigFlags, environment: Environment): ConfigInEffect {
  const sources = { flags: { ...flags }, environment };
  const named = flags.config ?? (environment["TUTTI_CONFIG"] || undefined);
  // Where the data folder is must be known before the file that lies in it is read.
  const early = effectiveConfig(sources).find(({ setting }) => setting.name === "data");
  const file = readConfigFile(named, resolve(String(early?.value)));
  if (named === undefined) refuseMovingFolder(file);
  const entries = effectiveConfig({ ...sources, file });
  return { config: toConfig(entries), entries, file: file?.path };
}

function refuseMovingFolder(file: ConfigFile | undefined): void {
  if (typeof file?.content !== "object" || file.content === null || !("data" in file.content)) return;
  const expected = "no data folder in a file that lies in the data folder; name the file with --config";
  throw new ConfigError("data", { kind: "file", file: file.path }, expected);
}

const DEFAULT = { kind: "default" } as const;

/** @throws ConfigError where settings don't go together */
function toConfig(entries: readonly Effective[]): Config {
  const values: Record<string, unknown> = {};
  const groups: Record<string, Record<string, unknown>> = {};
  for (const { setting, value } of entries) {
    const [group = "", key] = setting.name.split(".");
    if (key === undefined) values[group] = value;
    else groups[group] = { ...groups[group], [key]: value };
  }
  // The table guarantees the types: each entry was parsed by its kind.
  const config = { ...values, ...groups } as unknown as ServerValues &
    Pick<Config, "limits" | "protection" | "crowd" | "retention" | "presence" | "vandalism">;
  const { archive, archiveEndpoint, archiveRegion, archiveAccessKey, archiveSecretKey, ...others } = config;
  const ofArchive = { archive, archiveEndpoint, archiveRegion, archiveAccessKey, archiveSecretKey };
  const sourceOf = (name: string) => entries.find(({ setting }) => setting.name === name)?.source ?? DEFAULT;
  return { ...others, archive: archiveLocation(ofArchive, sourceOf), data: resolve(config.data) };
}

/** True for addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}
