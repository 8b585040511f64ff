import { SeededRandom } from "@tutti/testkit";
import { checkConvergence } from "./checkers/convergence.js";
import { checkEdits } from "./checkers/edits.js";
import { comeHome } from "./checkers/homecoming.js";
import { replayLog } from "./checkers/log.js";
import { checkPlaces } from "./checkers/places.js";
import { checkPresence } from "./checkers/presence.js";
import { checkRestorations } from "./checkers/restorations.js";
import { checkStatus, isAtRest } from "./checkers/status.js";
import type { ClientFactory } from "./world/client-factory.js";
import { Faults } from "./world/faults.js";
import type { Person } from "./world/person.js";
import { type Fault, type Plan, planOf } from "./world/plan.js";
import type { ServerFactory } from "./world/server-process.js";
import type { TraceEvent } from "./world/trace.js";
import type { Violation } from "./world/violation.js";
import { World } from "./world/world.js";

export interface SimulationSettings {
  readonly seed: number;
  /** Changes to what the seed decides. */
  readonly plan?: Partial<Plan>;
  /** Makes the server; the real one when left out. */
  readonly factory?: ServerFactory;
  /** Makes each client; the real one when left out. */
  readonly client?: ClientFactory;
  readonly listener?: (event: TraceEvent) => void;
}

/** What became of one seed. */
export interface Outcome {
  readonly seed: number;
  readonly plan: Plan;
  /** Empty when every promise was kept. */
  readonly violations: readonly Violation[];
  /** Operations committed in all documents. */
  readonly commits: number;
  /** How often each fault struck. */
  readonly struck: ReadonlyMap<Fault, number>;
  /** Changes of the disk that were lost with the power before they were synced. */
  readonly lostWrites: number;
  /** Operations that came to somebody who was behind composed into others. */
  readonly composed: number;
  /** Milliseconds of virtual time until everything was quiet again. */
  readonly elapsed: number;
  /** The last events, one a line. */
  readonly tail: readonly string[];
}

/** The longest time that a healed system may take to settle, in milliseconds. */
const SETTLING = 180_000;
/** Events to show of a failed run. */
const TAIL = 60;

/**
 * Runs one seed: people edit while things break, then everything is repaired, comes to rest and is checked. The same
 * seed does the same every time.
 */
export async function simulate({ seed, plan, factory, client, listener }: SimulationSettings): Promise<Outcome> {
  const random = new SeededRandom(seed);
  const world = new World({ plan: { ...planOf(random.fork("plan")), ...plan }, random, factory, client, listener });
  const started = world.clock.now();
  const { struck } = await editWhileThingsBreak(world);
  await settle(world);
  if (world.plan.homecoming && world.plan.offline !== undefined) {
    world.violations.push(...(await comeHome(world)));
    await world.clock.runUntil(() => isSettled(world), SETTLING);
  }
  const commits = world.plan.documents.reduce((sum, { id }) => sum + world.disk.version(id), 0);
  world.crowd.rest();
  const atRest = [...(await checkPlaces(world)), ...(await checkPresence(world))];
  const violations = [...world.violations, ...atRest, ...(await check(world))];
  const elapsed = world.clock.now() - started;
  world.crashServer();
  const { plan: planned, composed, trace, machine } = world;
  const told = { violations, commits, composed, struck, lostWrites: machine.lost };
  return { seed, plan: planned, ...told, elapsed, tail: trace.tail(TAIL) };
}

async function editWhileThingsBreak(world: World): Promise<Faults> {
  world.startServer();
  for (const name of world.plan.people) world.join(name);
  if (world.plan.calmStart) await world.clock.runUntil(() => isSettled(world), SETTLING);
  const end = world.clock.now() + world.plan.duration;
  const begin = (person: Person): void => {
    keepEditing(world, person, end);
    world.crowd.live(person, end);
  };
  for (const person of world.people) begin(person);
  world.crowd.moderate(end);
  world.vandals.start(end);
  planChoruses(world);
  const faults = new Faults(world, begin);
  faults.start();
  await world.clock.advance(world.plan.duration);
  world.trace.add("", "everything is repaired");
  faults.heal();
  return faults;
}

function planChoruses(world: World): void {
  const random = world.random.fork("choruses");
  for (let left = world.plan.choruses; left > 0; left -= 1) {
    world.clock.schedule(random.between(0, world.plan.duration), () => {
      for (const person of world.people) person.sing("la");
    });
  }
}

/** @param end milliseconds since 1970 */
function keepEditing(world: World, person: Person, end: number): void {
  const random = world.random.fork(`edits of ${person.name}`);
  const next = (): void => {
    // Bursts with pauses between them, as people type.
    const pause = random.chance(0.3) ? random.between(0, 30) : random.between(0, 2 * world.plan.pause);
    world.clock.schedule(pause, () => {
      if (!person.alive || world.clock.now() > end) return;
      person.act(random, world.plan.undo);
      next();
    });
  };
  next();
}

/** Until everybody is told "Saved" and has the newest version; then somebody new comes who has to see the same. */
async function settle(world: World): Promise<void> {
  for (const person of world.people.filter(({ alive }) => alive)) person.save();
  world.crowd.rotate();
  await world.clock.runUntil(() => isSettled(world), SETTLING);
  world.join("new");
  await world.clock.runUntil(() => isSettled(world), SETTLING);
  await world.clock.settle();
}

function isSettled(world: World): boolean {
  if (world.devices.some((device) => world.leftBehind(device) > 0)) return false;
  const living = world.people.filter(({ alive }) => alive);
  return living.every(({ documents }) =>
    documents.every(({ id, handle, ready }) => {
      return ready && isAtRest(handle) && handle.version === world.disk.version(id);
    }),
  );
}

async function check(world: World): Promise<readonly Violation[]> {
  const found: Violation[] = [...checkStatus(world)];
  for (const { id } of world.plan.documents) {
    const log = replayLog(world.disk, id);
    found.push(
      ...log.violations,
      ...checkEdits(world, log),
      ...checkRestorations(world, log),
      ...(await withTime(world, checkConvergence(world, log))),
    );
  }
  return found;
}

/** Waits for an answer of the simulated system, which takes simulated time. */
async function withTime<T>(world: World, answer: Promise<T>): Promise<T> {
  let done = false;
  const watched = answer.finally(() => {
    done = true;
  });
  await world.clock.runUntil(() => done, SETTLING);
  if (!done) throw new Error("the server does not answer");
  return await watched;
}
