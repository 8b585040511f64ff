/** Loads something once; after a failure the next call tries again. */
export interface Later<T> {
  (): Promise<T>;
  /** What was loaded; undefined: not yet. */
  readonly loaded: T | undefined;
}

/**
 * Code that most clients never need, or not at once. It stands in modules that are imported here only, so a bundler puts
 * it into a file of its own, and nobody loads it before it is asked for.
 *
 * @param load as `() => import("./seldom.js")`
 */
export function later<T>(load: () => Promise<T>): Later<T> {
  let loading: Promise<T> | undefined;
  const start = async (): Promise<T> => {
    try {
      const loaded = await load();
      Object.assign(call, { loaded });
      return loaded;
    } catch (error) {
      loading = undefined;
      throw error;
    }
  };
  const call = (): Promise<T> => {
    loading ??= start();
    return loading;
  };
  return Object.assign(call, { loaded: undefined });
}
