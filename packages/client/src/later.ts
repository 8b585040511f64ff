/**
 * Code that most clients never need, or not at once. It stands in modules that are imported here only, so a bundler puts
 * it into a file of its own, and nobody loads it before it is asked for.
 *
 * @param load as `() => import("./seldom.js")`
 * @returns loads it, once; after a failure the next call tries again
 */
export function later<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
