/** In milliseconds. */
export interface PaceRules {
  /** From one round to the next, at least. */
  readonly fastest: number;
  /** From an edit until everybody was told of it, at most. */
  readonly slowest: number;
}

/** How far apart rounds are now (ms), and how many in a row were little work. */
export interface Pace {
  readonly interval: number;
  readonly calm: number;
}

/** A round may take this share of the time from one to the next. */
const BUSY = 0.5;
/** A round that takes less than this share of it was little work. */
const CALM = 0.3;
/** So many calm rounds in a row make the next ones come sooner. */
const CALM_ROUNDS = 10;
/** One slow round may be an accident: the interval at most doubles. */
const GROWTH = 2;
const SHRINKING = 0.7;

export const firstPace = ({ fastest }: PaceRules): Pace => ({ interval: fastest, calm: 0 });

/**
 * The pace after a round: slower at once when rounds take half of the time that is between them, faster only after ten
 * that take less than a third, so that it does not swing.
 * @param took milliseconds from when the round was due to its end; it grows with the number of those told, and with
 *   everything else that the process has to do
 */
export function nextPace({ interval, calm }: Pace, took: number, rules: PaceRules): Pace {
  if (took > BUSY * interval) {
    return { interval: within(rules, Math.min(took / BUSY, GROWTH * interval), took), calm: 0 };
  }
  if (took > CALM * interval || interval === rules.fastest) return { interval, calm: 0 };
  if (calm + 1 < CALM_ROUNDS) return { interval, calm: calm + 1 };
  return { interval: within(rules, Math.max(took / BUSY, SHRINKING * interval), took), calm: 0 };
}

/**
 * What is written just after a round began waits for the next one and, at the last reader, for its end: both together
 * take no longer than the slowest pace, as long as rounds take no more than half of it.
 */
const within = ({ fastest, slowest }: PaceRules, interval: number, took: number): number =>
  Math.round(Math.max(fastest, Math.min(interval, Math.max(slowest - took, BUSY * slowest))));
