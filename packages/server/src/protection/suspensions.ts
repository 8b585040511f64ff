import type { Protection } from "./defaults.js";
import { counted, EMPTY_WINDOW, isOver, type Window, type WindowRule } from "./sliding-window.js";

/** What somebody has done so far; a value. */
export interface Conduct {
  /** The last second in which an offence was counted. */
  readonly second: number;
  readonly window: Window;
  /** How often suspended, and until when (milliseconds; 0: never). */
  readonly times: number;
  readonly until: number;
}

type Rules = Pick<Protection, "offencesUntilSuspension" | "suspension" | "longestSuspension" | "suspensionMemory">;

const CLEAN: Conduct = { second: -1, window: EMPTY_WINDOW, times: 0, until: 0 };
const MINUTE: WindowRule = { most: Number.POSITIVE_INFINITY, length: 60_000 };

/**
 * The conduct after one more offence. Offences of one second count once: what matters is that somebody goes on, not how
 * much a single burst held. Each suspension is twice as long as the one before.
 */
export function afterOffence(conduct: Conduct, now: number, rules: Rules): Conduct {
  const second = Math.floor(now / 1000);
  if (second === conduct.second || conduct.until > now) return conduct;
  const before = isOver(MINUTE, conduct.window, now) ? EMPTY_WINDOW : conduct.window;
  const window = counted(MINUTE, before, now);
  const offences = window.counts.reduce((sum, count) => sum + count, 0);
  if (offences < rules.offencesUntilSuspension) return { ...conduct, second, window };
  const times = now - conduct.until > rules.suspensionMemory ? 1 : conduct.times + 1;
  const duration = Math.min(rules.suspension * 2 ** (times - 1), rules.longestSuspension);
  return { second, window: EMPTY_WINDOW, times, until: now + duration };
}

/** Who is suspended: people, and addresses of those who have not said who they are. */
export class Suspensions {
  readonly #rules: Rules;
  readonly #conducts = new Map<string, Conduct>();

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  get size(): number {
    return this.#conducts.size;
  }

  /** @returns milliseconds for which `who` is suspended from now on; 0: not (yet) */
  offence(who: string, now: number): number {
    this.#conducts.set(who, afterOffence(this.#conducts.get(who) ?? CLEAN, now, this.#rules));
    return this.remaining(who, now);
  }

  /** Milliseconds; 0: not suspended. */
  remaining(who: string, now: number): number {
    return Math.max(0, (this.#conducts.get(who)?.until ?? 0) - now);
  }

  /** Forgets whoever has behaved for long enough. */
  prune(now: number): void {
    for (const [who, { until, window }] of this.#conducts) {
      if (now - until > this.#rules.suspensionMemory && isOver(MINUTE, window, now)) this.#conducts.delete(who);
    }
  }
}
