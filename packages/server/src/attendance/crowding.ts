import type { CrowdRules } from "./defaults.js";

/** Whether a document has more connections than it should; a value. */
export interface Crowding {
  readonly crowded: boolean;
  /** Since when it has been calm (milliseconds), while it is crowded; undefined: it is not calm. */
  readonly calmSince: number | undefined;
}

type Rules = Pick<CrowdRules, "connections" | "calmConnections" | "calm">;

export const NOT_CROWDED: Crowding = { crowded: false, calmSince: undefined };

/**
 * The next state: crowded at once, open again only after a time of calm, so that people who come and go about the limit
 * do not make it flicker (S11).
 */
export function nextCrowding(before: Crowding, connections: number, now: number, rules: Rules): Crowding {
  if (!before.crowded) return connections > rules.connections ? { crowded: true, calmSince: undefined } : before;
  // A configuration may have the two limits the wrong way round, or none below which it is calm.
  const isCalm = connections === 0 || connections < Math.min(rules.calmConnections, rules.connections);
  if (!isCalm) return before.calmSince === undefined ? before : { crowded: true, calmSince: undefined };
  const calmSince = before.calmSince ?? now;
  if (now - calmSince >= rules.calm) return NOT_CROWDED;
  return before.calmSince === undefined ? { crowded: true, calmSince } : before;
}
