import type { World } from "../world/world.js";

/** The longest time (ms) until everybody has every document open again: a token may end in the quietest time. */
const REOPENING = 60_000;
const ATTEMPTS = 3;

/**
 * A time in which nothing happens and everybody is there.
 * @param milliseconds besides what the network takes
 */
export async function quiet(world: World, milliseconds: number): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    await world.clock.runUntil(() => allOpen(world), REOPENING);
    await world.clock.advance(milliseconds + 4 * world.plan.latency);
    if (allOpen(world)) return;
  }
}

const allOpen = ({ people }: World): boolean =>
  people
    .filter(({ alive }) => alive)
    .every(({ documents, witness }) => documents.every(({ id }) => witness.about(id).open));
