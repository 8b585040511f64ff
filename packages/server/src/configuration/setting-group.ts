import type { Kind } from "./kind.js";
import type { Setting } from "./setting.js";

/** What is said of every number of a group that has its defaults elsewhere; one without an entry doesn't compile. */
export type GroupEntries<K extends string> = Readonly<
  Record<K, { readonly kind: Kind<number>; readonly meaning: string }>
>;

/**
 * Settings for a group of numbers that have defaults elsewhere: `limits.frameBytes`, TUTTI_LIMIT_FRAME_BYTES. The key in
 * the result is the name in the config file.
 *
 * @param group first part of the names in the config file
 * @param prefix of the environment variables, with its final underscore
 */
export function settingsOfGroup<K extends string>(
  group: string,
  prefix: string,
  defaults: Readonly<Record<K, number>>,
  entries: GroupEntries<K>,
): readonly Setting<number>[] {
  return (Object.keys(entries) as K[]).map((key) => ({
    name: `${group}.${key}`,
    variable: `${prefix}${key.replace(/[A-Z]/g, "_$&").toUpperCase()}`,
    default: defaults[key],
    ...entries[key],
  }));
}
