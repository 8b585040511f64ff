import type { ServerEnvironment } from "@tutti/server";
import type { SeededRandom } from "@tutti/testkit";

type Rules<K extends "crowd" | "presence"> = NonNullable<ServerEnvironment[K]>;

/** Few places for many people, and what they do about it (S11). Rates are per second. */
export interface CrowdPlan {
  readonly rules: Rules<"crowd">;
  /** How often each person asks, gives up, or decides about somebody who asks. */
  readonly wishes: number;
  /** How often the owner begins or ends to moderate. */
  readonly moderations: number;
}

/** Most people have all the places they want; in some runs there are fewer places than people. */
export function crowdPlanOf(random: SeededRandom): CrowdPlan | undefined {
  if (random.chance(0.6)) return undefined;
  const connections = random.between(3, 6);
  const editors = random.between(1, 3);
  const updates = random.pick([20, 100, 400] as const);
  return {
    rules: {
      connections,
      calmConnections: random.between(1, connections),
      calm: random.between(200, 3000),
      editors,
      mostEditors: editors + random.integer(3),
      heldPlace: random.between(200, 4000),
      askAgain: random.between(200, 2000),
      updates,
      slowestUpdates: updates * random.between(1, 5),
    },
    wishes: random.next(),
    moderations: random.chance(0.4) ? random.next() / 3 : 0,
  };
}

/** Presence as it is, but for the times between its lives: runs are short. */
export function presenceRulesOf(random: SeededRandom): Rules<"presence"> {
  return { enabled: random.chance(0.9), restart: random.between(50, 500), longestRestart: 2000 };
}
