import { type Clock, type ErrorData, type Opened, type Report, TuttiError } from "@tutti/protocol";
import type { Divergence } from "../document/divergence.js";
import type { Committed, Replica } from "../document/replica.js";
import { loadAfterwards } from "../loading-afterwards.js";
import { type ConflictEvents, Conflicts } from "./conflicts.js";
import type { DivergenceReports } from "./divergence-reports.js";
import { Judge } from "./judge.js";
import type { Trial } from "./trial.js";

/** Of the newest commits, so many are told where something diverged. */
const REMEMBERED = 20;

export interface DisputeEvents extends ConflictEvents {
  /** The document is left as it is: for a while, or until the person has chosen. Comes before anybody is told why. */
  suspended(untilChosen: boolean): void;
  error(error: ErrorData): void;
  /** What the server is to know of a divergence. */
  report(report: Report): void;
}

export interface DisputeOptions {
  readonly document: string;
  readonly clock: Clock;
  /** Characters that both sides may change in the same paragraphs before the person is asked (C12). */
  readonly conflictAbove: number;
}

/**
 * Where the replica and the server do not agree: what is mended by itself, what the person is asked, and what the server
 * is told of it (C6, C12).
 */
export class Disputes {
  /** What the person is asked. */
  readonly conflicts: Conflicts;
  readonly #replica: Replica;
  readonly #options: DisputeOptions;
  readonly #events: DisputeEvents;
  readonly #judge: Judge;
  /** undefined: nothing has diverged yet. */
  #reports: DivergenceReports | undefined;
  #commits: readonly Committed[] = [];

  constructor(replica: Replica, options: DisputeOptions, events: DisputeEvents) {
    this.#replica = replica;
    this.#options = options;
    this.conflicts = new Conflicts(replica, events);
    this.#events = events;
    this.#judge = new Judge(replica, options.conflictAbove);
  }

  /**
   * Whether the person is asked before both sides are merged: they are too far apart, or merging fails again and again.
   * @param overtaken see `Declines`
   * @param tryOut only called where it may be needed: it costs a merge
   */
  declines(message: Opened, overtaken: boolean, tryOut: () => Trial): boolean {
    const trial = this.#judge.asks(message, overtaken, tryOut);
    if (trial === undefined) return false;
    const error = overtaken ? overtakenError() : undefined;
    this.#events.suspended(true);
    if (error !== undefined) this.#events.error(error);
    this.conflicts.diverged(trial, error);
    return true;
  }

  /** Mended by itself, as long as that helps. */
  diverged(divergence: Divergence): void {
    const error: ErrorData = { code: "internal", message: divergence.message, retry: true };
    this.#judge.diverged();
    this.#report(divergence);
    const asks = this.#judge.despairs && this.conflicts.atStake;
    this.#events.suspended(asks);
    this.#events.error(error);
    if (asks) this.conflicts.diverged(undefined, error);
  }

  /** A commit was as it should be. */
  agreed(commit: Committed): void {
    this.#judge.agreed();
    this.#commits = [...this.#commits.slice(1 - REMEMBERED), commit];
  }

  /** Both sides are merged. */
  merged(): void {
    this.#judge.merged();
  }

  /** The person chose. @param merge to merge what they were asked about: the next answer is taken, whatever it is */
  chosen(merge: boolean): void {
    this.#judge.chosen(merge);
  }

  /** Of one that comes before the code for it, the server hears nothing. */
  #report(divergence: Divergence): void {
    const { document, clock } = this.#options;
    const { loaded } = loadAfterwards;
    const { report } = this.#events;
    this.#reports ??= loaded && new loaded.DivergenceReports(document, this.#replica, clock, report);
    this.#reports?.diverged(divergence, this.#commits);
  }
}

/** Storage failed so badly that an older state was restored than the one that had been sent (C3, C12). */
const overtakenError = () =>
  new TuttiError("sequence_gap", "the server has more from this device than the device remembers").toData();
