import type { IdenticalInserts } from "@tutti/ot";
import type { SeededRandom } from "@tutti/testkit";
import { type CrowdPlan, crowdPlanOf, presenceRulesOf } from "./crowd-plan.js";

export interface DocumentPlan {
  readonly id: string;
  readonly kind: "rich" | "plain";
  readonly identicalInserts: IdenticalInserts;
}

export interface OfflinePlan {
  /** Shortest and longest time until something is durable. */
  readonly latency: readonly [number, number];
  /** Whoever dies while writing may leave half a record. */
  readonly tears: boolean;
  /** A journal belongs to one tab at a time; false: for the checkers, which must notice. */
  readonly locks: boolean;
}

/** Everything about a run that its seed decides beforehand. Times are milliseconds, rates are per second. */
export interface Plan {
  readonly people: readonly string[];
  readonly documents: readonly DocumentPlan[];
  /** Nothing breaks before everybody has opened everything. */
  readonly calmStart: boolean;
  /** How long people edit and things break. */
  readonly duration: number;
  /** Mean pause between two edits of one person. */
  readonly pause: number;
  readonly undo: boolean;
  /** How often all of them insert the same at the same place and moment (E5). */
  readonly choruses: number;
  readonly json: boolean;
  /** Longest latency of the network; each person has their own below it. */
  readonly latency: number;
  readonly storeLatency: readonly [number, number];
  readonly syncLatency: readonly [number, number];
  /** The disk says that it has synced before it has: for the checkers, which must notice. */
  readonly lyingDisk: boolean;
  /** Bytes on their way to a reader beyond which it is told nothing new. */
  readonly unsentBytes: number;
  /** Milliseconds that a token lasts, about; undefined: for ever. */
  readonly tokenLife: number | undefined;
  /** The storage of people's devices; undefined: they have none. */
  readonly offline: OfflinePlan | undefined;
  /** Fewer places than people; undefined: whoever may edit does. */
  readonly crowd: CrowdPlan | undefined;
  readonly presence: ReturnType<typeof presenceRulesOf>;
  /** How often somebody deletes most of a document, per second; somebody else brings it back (L4). */
  readonly vandals: number;
  /** In the end everybody waits until nobody can be taken for present any more who is gone. */
  readonly longQuiet: boolean;
  /** In the end everybody goes and comes again while there is no network. */
  readonly homecoming: boolean;
  /** How often each fault strikes, per second of the run; 0 where a seed leaves one out. */
  readonly faults: Readonly<Record<Fault, number>>;
}

/** What may break. */
export const FAULTS = [
  "connection lost",
  "partition",
  "refusals",
  "server crash",
  "server restart",
  "storage failure",
  "lost answers",
  "slow storage",
  "client crash",
  "tab crash",
  "reload offline",
  "duplicate tab",
  "long offline",
  "storage refused",
  "storage full",
  "storage breaks",
  "sign-in fails",
  "wrong transforms",
  "power loss",
  "full disk",
  "slow reader",
  "presence crash",
] as const;
export type Fault = (typeof FAULTS)[number];

/** For runs in which only some things break. */
export const NO_FAULTS = Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as Readonly<Record<Fault, number>>;

/** Every seed switches some faults off altogether: what is rare otherwise then happens undisturbed (swarm testing). */
export function planOf(random: SeededRandom): Plan {
  const rate = (most: number, from = random): number => (from.chance(0.5) ? from.next() * most : 0);
  // On its own, so that older seeds still do what they did.
  const alike = random.fork("identical inserts");
  const machine = random.fork("machine");
  const slow = random.fork("slow readers");
  const tabs = random.fork("tabs");
  const wrong = random.fork("wrong transforms");
  const tokens = random.fork("tokens");
  const offline = offlinePlanOf(random.fork("offline"));
  const crowd = random.fork("crowd");
  const vandals = random.fork("vandals");
  const fast = random.pick([0, 1, 5] as const);
  const kinds = kindsOf(random);
  const calmStart = random.chance(0.8);
  const duration = random.between(3000, 14_000);
  const pause = random.between(100, 900);
  const undo = random.chance(0.3);
  const json = random.chance(0.2);
  const latency = random.pick([0, 20, 200, 1000] as const);
  return {
    people: ["ann", "bob", "cem", "dee", "eva"],
    documents: kinds.map((kind) => ({ id: kind, kind, identicalInserts: alike.pick(["merge", "keep"]) })),
    calmStart,
    duration,
    pause,
    undo,
    choruses: alike.integer(4),
    json,
    latency,
    storeLatency: [fast, fast + random.pick([0, 5, 100] as const)],
    syncLatency: [0, machine.pick([0, 50, 300] as const)],
    lyingDisk: false,
    unsentBytes: slow.pick([0, 300, 2000, 256_000] as const),
    // Long enough to get in with it and to renew it, however slow the network is.
    tokenLife: tokens.chance(0.5) ? undefined : 10 * latency + tokens.between(1000, 8000),
    offline,
    crowd: crowdPlanOf(crowd.fork("places")),
    presence: presenceRulesOf(crowd.fork("presence")),
    vandals: vandals.chance(0.2) ? vandals.next() / 2 : 0,
    longQuiet: crowd.chance(0.1),
    homecoming: tabs.chance(0.3),
    faults: {
      "connection lost": rate(1),
      partition: rate(0.3),
      refusals: rate(0.3),
      "server crash": rate(0.5),
      "server restart": rate(0.2),
      "storage failure": rate(0.4),
      "lost answers": rate(0.4),
      "slow storage": rate(0.3),
      "client crash": rate(0.2),
      "power loss": rate(0.5, machine),
      "full disk": rate(0.3, machine),
      "slow reader": slow.chance(0.5) ? slow.next() : 0,
      "presence crash": rate(0.3, crowd),
      "tab crash": rate(0.5, tabs),
      "reload offline": rate(0.3, tabs),
      "duplicate tab": rate(0.3, tabs),
      "long offline": rate(0.2, tabs),
      "storage refused": rate(0.2, tabs),
      "storage full": rate(0.2, tabs),
      "storage breaks": rate(0.2, tabs),
      "sign-in fails": rate(0.3, tokens),
      "wrong transforms": wrong.chance(0.2) ? wrong.next() / 2 : 0,
    },
  };
}

function offlinePlanOf(random: SeededRandom): OfflinePlan | undefined {
  if (random.chance(0.2)) return undefined;
  const slowest = random.pick([0, 5, 50, 500] as const);
  return { latency: [random.chance(0.5) ? 0 : slowest / 2, slowest], tears: random.chance(0.2), locks: true };
}

const kindsOf = (random: SeededRandom): readonly ("rich" | "plain")[] =>
  random.chance(0.3) ? ["rich", "plain"] : [random.pick(["rich", "plain"])];
