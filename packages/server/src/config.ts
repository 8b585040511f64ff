import { resolve } from "node:path";
import { DEFAULT_LIMITS, type Limits } from "@tutti/protocol";

export interface Config {
  readonly host: string;
  readonly port: number;
  /** Folder that holds everything; made when missing. */
  readonly data: string;
  /** Shared secret of the tokens; undefined: one is made and kept in the data folder. */
  readonly secret: string | undefined;
  readonly limits: Limits;
  /** False: rate limits, quotas and suspensions are off (benchmarks). */
  readonly rateLimits: boolean;
}

export interface ConfigFlags {
  readonly host?: string;
  readonly port?: string;
  readonly data?: string;
}

export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const SHORTEST_SECRET = 32;

/**
 * The configuration: flags before environment before defaults.
 * @throws ConfigError naming the setting that is wrong
 */
export function readConfig(flags: ConfigFlags, environment: Readonly<Record<string, string | undefined>>): Config {
  const port = Number(flags.port ?? environment["TUTTI_PORT"] ?? 4400);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new ConfigError("TUTTI_PORT: expected 0 to 65535");
  const secret = environment["TUTTI_SECRET"];
  if (secret !== undefined && secret.length < SHORTEST_SECRET) {
    throw new ConfigError(`TUTTI_SECRET: expected at least ${SHORTEST_SECRET} characters`);
  }
  return {
    host: flags.host ?? environment["TUTTI_HOST"] ?? "127.0.0.1",
    port,
    data: resolve(flags.data ?? environment["TUTTI_DATA"] ?? "data"),
    secret,
    limits: DEFAULT_LIMITS,
    rateLimits: environment["TUTTI_LIMITS"] !== "off",
  };
}

/** True for addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}
