import { SeededRandom } from "@tutti/testkit";
import { analyse } from "./characters.js";
import { chooseKills } from "./kill-moments.js";
import { Performance, type ReplayResult } from "./performance.js";
import { type Recording, RecordingError } from "./recording.js";
import { Scheduler } from "./scheduler.js";
import { Stage } from "./stage.js";

export interface ReplayOptions {
  /** How often the server is killed and started again on the way. */
  readonly kills?: number;
  /** Decides when, and what became durable. */
  readonly seed?: number;
  /** Told the share that is done, from 0 to 1. */
  readonly progress?: (share: number) => void;
}

/**
 * Replays a session through real clients and the real server: each edit is made by its author's client at a moment when
 * that client has seen exactly what the author had, no more and no less.
 *
 * @throws RecordingError when no client with one operation in flight can repeat the session, or there are fewer moments
 *   than wanted at which a kill would not show somebody too much
 * @throws Error when somebody sees something else than in the recording
 */
export async function replayConcurrently(
  recording: Recording,
  { kills = 0, seed = 1, progress = () => undefined }: ReplayOptions = {},
): Promise<ReplayResult> {
  const authors = recording.authors.length;
  const { views, precedences } = analyse(recording);
  const steps = new Scheduler(recording, precedences).schedule();
  if (steps === undefined) throw new RecordingError("no order of commits repeats this session");
  const moments = [...chooseKills(steps, authors, kills, new SeededRandom(seed).fork("kills"))];
  const performance = new Performance(recording, views, await Stage.open(authors, seed));
  for (const [index, step] of steps.entries()) {
    let done = false;
    while (moments[0]?.step === index) {
      if (moments.shift()?.writing === true) done = await performance.killWhileWriting(step);
      else await performance.kill();
    }
    if (!done) await performance.perform(step);
    progress((index + 1) / steps.length);
  }
  return performance.end();
}
