import { later } from "./later.js";

/** Loads what is not needed to show a text and to write in it. */
export const loadAfterwards = later(() => import("./afterwards.js"));

/**
 * Loads now what the client otherwise loads once the first text is there: for an app that is to work without network from
 * then on, and for tests that can't wait. Rejects when it can't be loaded; the client tries again by itself.
 */
export async function preload(): Promise<void> {
  await loadAfterwards();
}

/** What was to be done needs code that is not here yet: to be tried again, when it may be. */
export class CodeMissing extends Error {}

/** @throws CodeMissing; it is on its way then */
export function loadedAfterwards(): Awaited<ReturnType<typeof loadAfterwards>> {
  const { loaded } = loadAfterwards;
  if (loaded !== undefined) return loaded;
  loadAfterwards().catch(() => undefined);
  throw new CodeMissing();
}
