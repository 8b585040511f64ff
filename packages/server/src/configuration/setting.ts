import type { Kind } from "./kind.js";

/** One thing an operator can set. The table of all of them is `settings.ts`. */
export interface Setting<T> {
  /** In the config file: "port", or "limits.frameBytes" for `{"limits": {"frameBytes": …}}`. */
  readonly name: string;
  /** In the environment: TUTTI_…. */
  readonly variable: string;
  /** On the command line, without dashes, where there is one; what stands for its value in the help. */
  readonly flag?: { readonly name: string; readonly value: string };
  readonly kind: Kind<T>;
  readonly default: T;
  /** How the default is described where its value says too little: "made at the first start", say. */
  readonly defaultText?: string;
  /** How a value is shown to people; left out, it is no secret. */
  mask?(value: T): string;
  /** One sentence. */
  readonly meaning: string;
}

/** Where a value came from. */
export type Source =
  | { readonly kind: "flag"; readonly flag: string }
  | { readonly kind: "environment"; readonly variable: string }
  | { readonly kind: "file"; readonly file: string }
  | { readonly kind: "default" };

export function describeSource(source: Source): string {
  switch (source.kind) {
    case "flag":
      return `flag --${source.flag}`;
    case "environment":
      return `environment ${source.variable}`;
    case "file":
      return `file ${source.file}`;
    case "default":
      return "default";
  }
}

/** The configuration is wrong: what, where it was set, and what was expected. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  /** Name of the setting; undefined when the file as a whole is wrong. */
  readonly setting: string | undefined;
  readonly source: Source;
  readonly expected: string;

  /** @param found what was there instead; never that of a secret */
  constructor(setting: string | undefined, source: Source, expected: string, found?: string) {
    const subject = setting === undefined ? "the configuration" : setting;
    const instead = found === undefined ? "" : `, found ${found}`;
    super(`${subject} (${describeSource(source)}): expected ${expected}${instead}`);
    this.setting = setting;
    this.source = source;
    this.expected = expected;
  }
}
