import type { SeededRandom } from "@tutti/testkit";
import { RecordingError } from "./recording.js";
import type { Step } from "./scheduler.js";

/** When the server is killed: before a step of the schedule, or while it writes the operation of a commit. */
export interface KillMoment {
  /** Index of the step. */
  readonly step: number;
  readonly writing: boolean;
}

/**
 * Moments, spread over the schedule; where possible about half of them while an operation is being written.
 * @throws RecordingError when the schedule has fewer harmless moments than that
 */
export function chooseKills(
  steps: readonly Step[],
  authors: number,
  kills: number,
  random: SeededRandom,
): readonly KillMoment[] {
  const moments = killMoments(steps, authors);
  if (moments.length < kills) throw new RecordingError(`the server can be killed ${moments.length} times at most`);
  const share = (index: number): number => Math.floor((index * moments.length) / kills);
  return Array.from({ length: kills }).flatMap((_, index) => {
    const part = moments.slice(share(index), share(index + 1));
    const writing = random.chance(0.5);
    const fitting = part.filter((moment) => moment.writing === writing);
    return random.pick(fitting.length > 0 ? fitting : part) ?? [];
  });
}

/**
 * All moments at which a kill shows nobody anything too early. Who comes back is told at once everything that is in the
 * log by then, and can't be told in portions, as the schedule may want it. They may come back as late as they need to
 * be told or heard, and type on until then.
 */
export function killMoments(steps: readonly Step[], authors: number): readonly KillMoment[] {
  const walk = new Walk(steps, authors);
  const harmless = [walk.isHarmless()];
  for (const step of steps) {
    walk.take(step);
    harmless.push(walk.isHarmless());
  }
  return steps.flatMap((step, index) => {
    if (harmless[index] !== true) return [];
    const before = { step: index, writing: false };
    // Whether the operation becomes durable is not known beforehand, so both must be harmless.
    if (step.kind !== "commit" || harmless[index + 1] !== true) return [before];
    return [before, { step: index, writing: true }];
  });
}

interface Standing {
  /** All of the author's own steps, and how many of them were taken. */
  readonly steps: readonly Step[];
  taken: number;
  typed: number;
  /** The operation in flight ends with this edit; 0: nothing is in flight. */
  flight: number;
  /** Entries of the log that the author was told. */
  told: number;
}

/** Goes through a schedule and knows where everybody stands. */
class Walk {
  readonly #log: { readonly author: number; readonly end: number }[] = [];
  readonly #authors: readonly Standing[];

  constructor(steps: readonly Step[], authors: number) {
    this.#authors = Array.from({ length: authors }, (_, author) => ({
      steps: steps.filter((step) => step.author === author),
      taken: 0,
      typed: 0,
      flight: 0,
      told: 0,
    }));
  }

  take(step: Step): void {
    const me = this.#authors[step.author];
    if (me === undefined) throw new RangeError(`there is no author ${step.author}`);
    me.taken += 1;
    if (step.kind === "type") {
      me.typed = step.upTo;
      if (me.flight === 0) me.flight = step.upTo;
    } else if (step.kind === "commit") {
      this.#log.push({ author: step.author, end: step.upTo });
    } else {
      const entry = this.#log[me.told];
      me.told += 1;
      if (entry?.author === step.author) me.flight = me.typed > entry.end ? me.typed : 0;
    }
  }

  isHarmless(): boolean {
    return this.#authors.every((standing) => this.#mayBeToldAtOnce(standing));
  }

  /** Whether somebody who comes back when they must can be told the whole log. */
  #mayBeToldAtOnce({ steps, taken, flight, told }: Standing): boolean {
    let next = taken;
    while (steps[next]?.kind === "type") next += 1;
    // Without connection everything becomes one operation; behind one in flight the schedule wants it so as well.
    if (flight === 0 && next > taken + 1) return false;
    const untold = steps.slice(next, next + this.#log.length - told);
    return untold.length === this.#log.length - told && untold.every(({ kind }) => kind === "deliver");
  }
}
