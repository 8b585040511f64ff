import type { Protection } from "./defaults.js";

/** What the server knows of itself at one moment. */
export interface Signals {
  /** The slowest commit of late, or how long the one under way has taken; milliseconds. */
  readonly commitTime: number;
  /** Failed commits since the last one that succeeded. */
  readonly failedCommits: number;
  /** Failed reads since the last one that succeeded. */
  readonly failedReads: number;
  /** Operations that are not durable yet, and their bytes. */
  readonly queuedOperations: number;
  readonly queuedBytes: number;
  /** Median milliseconds that tasks come late. */
  readonly eventLoopLag: number;
  /** Bytes of JavaScript memory in use. */
  readonly memoryBytes: number;
  /** The server is about to end. */
  readonly stopping: boolean;
}

export type Reason =
  | "storage_slow"
  | "storage_failing"
  | "storage_queue"
  | "queued_bytes"
  | "event_loop"
  | "memory"
  | "reads_failing"
  | "stopping";

/**
 * How much is dropped, in this order (S7): 0 nothing · 1 presence · 2 and reading of old versions · 3 and documents are
 * throttled · 4 and nothing new is opened, nobody new is let in.
 */
export type Shedding = 0 | 1 | 2 | 3 | 4;

interface Of<Level extends number, Name extends string> {
  readonly level: Level;
  readonly name: Name;
  readonly shedding: Shedding;
  readonly reasons: readonly Reason[];
  /** When this level was entered, in milliseconds since 1970. */
  readonly since: number;
  /** Since when the signals would allow a better one; undefined: they don't. */
  readonly calmSince: number | undefined;
}

/** How the server is: the degradation levels of S8. */
export type Condition =
  | Of<0, "normal">
  | Of<1, "degraded">
  | Of<2, "no_presence">
  | Of<3, "read_only">
  | Of<4, "offline">
  | Of<5, "catastrophic">;
export type Level = Condition["level"];

const NAMES = ["normal", "degraded", "no_presence", "read_only", "offline", "catastrophic"] as const;
/** The share of a limit from which each stage of shedding begins. */
const STAGES: readonly { readonly share: number; readonly shedding: Shedding }[] = [
  { share: 1, shedding: 4 },
  { share: 0.8, shedding: 3 },
  { share: 0.65, shedding: 2 },
  { share: 0.5, shedding: 1 },
];
/** A stage is left when the signals are below this part of what it takes to enter it. */
const LEAVING = 0.8;

export const normal = (now: number): Condition => make(0, 0, [], now);

/**
 * The next condition: worse at once, better only after `calm` milliseconds in which the signals allowed it at all times.
 * One way is quicker: a commit that succeeds ends read-only mode, and what remains is level 1 until all is calm.
 */
export function next(condition: Condition, signals: Signals, now: number, rules: Protection): Condition {
  const target = assess(signals, rules, 1, now);
  if (target.level > condition.level) return make(target.level, worse(target, condition), target.reasons, now);
  if (condition.level === 3 && signals.failedCommits === 0)
    return make(Math.max(1, target.level) as Level, condition.shedding, target.reasons, now);
  if (target.shedding > condition.shedding) {
    return { ...condition, shedding: target.shedding, reasons: target.reasons, calmSince: undefined };
  }
  return calmer(condition, assess(signals, rules, LEAVING, now), now, rules);
}

/** Whether people can work here, if only by reading. */
export const isServing = ({ level }: Condition): boolean => level <= 3;

/** Whether newcomers should be sent here. */
export const isReady = ({ level, shedding }: Condition): boolean => level <= 2 && shedding < 4;

function calmer(condition: Condition, target: Condition, now: number, rules: Protection): Condition {
  if (condition.level === 0 && condition.shedding === 0) return condition;
  const same = target.level >= condition.level && target.shedding >= condition.shedding;
  const reasons = target.reasons.length > 0 ? target.reasons : condition.reasons;
  if (same) return { ...condition, reasons, calmSince: undefined };
  const calmSince = condition.calmSince ?? now;
  if (now - calmSince < rules.calm) return { ...condition, reasons, calmSince };
  const level = Math.min(condition.level, target.level) as Level;
  const shedding = Math.min(condition.shedding, target.shedding) as Shedding;
  const since = level === condition.level ? condition.since : now;
  return make(level, shedding, target.reasons, since);
}

/** What the signals alone say. @param share of each limit that counts as reaching it */
function assess(signals: Signals, rules: Protection, share: number, now: number): Condition {
  const loads = loadsOf(signals, rules);
  const load = Math.max(...Object.values(loads)) / share;
  const shedding = STAGES.find((stage) => load >= stage.share)?.shedding ?? 0;
  const heavy = (Object.keys(loads) as (keyof typeof loads)[]).filter((name) => loads[name] / share >= 0.5);
  const storage = storageReasons(signals, rules, share);
  return make(levelOf(signals, rules, shedding, storage), shedding, [...storage, ...heavy], now);
}

function loadsOf(signals: Signals, rules: Protection) {
  return {
    storage_queue: signals.queuedOperations / rules.storageQueue,
    queued_bytes: signals.queuedBytes / rules.queuedBytes,
    event_loop: signals.eventLoopLag / rules.eventLoopLag,
    memory: signals.memoryBytes / rules.memoryBytes,
  } satisfies Partial<Record<Reason, number>>;
}

function storageReasons(signals: Signals, rules: Protection, share: number): readonly Reason[] {
  const reasons: Reason[] = [];
  if (signals.stopping) reasons.push("stopping");
  if (signals.failedReads >= rules.failuresUntilReadOnly) reasons.push("reads_failing");
  if (signals.failedCommits > 0) reasons.push("storage_failing");
  if (signals.commitTime >= rules.slowCommit * share) reasons.push("storage_slow");
  return reasons;
}

function levelOf(signals: Signals, rules: Protection, shedding: Shedding, reasons: readonly Reason[]): Level {
  if (reasons.includes("reads_failing")) return 5;
  if (signals.stopping) return 4;
  if (signals.failedCommits >= rules.failuresUntilReadOnly) return 3;
  if (shedding > 0) return 2;
  return reasons.length > 0 ? 1 : 0;
}

const worse = (a: Condition, b: Condition): Shedding => Math.max(a.shedding, b.shedding) as Shedding;

function make(level: Level, shedding: Shedding, reasons: readonly Reason[], since: number): Condition {
  return { level, name: NAMES[level], shedding, reasons, since, calmSince: undefined } as Condition;
}
