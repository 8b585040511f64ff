import type { Cancel, Clock } from "@tutti/protocol";
import { TaskQueue } from "./task-queue.js";

/** A clock for one part of a system; after `kill`, none of its tasks runs any more, as when the process has died. */
export interface MortalClock extends Clock {
  kill(): void;
}

/** Tasks between two real turns of the event loop, which the test runner needs to breathe. */
const TASKS_PER_TURN = 512;

/**
 * Time that passes only when a test says so. Tasks run in the order of their time, then of their scheduling; after
 * each one, everything that awaits a promise goes on as far as it can, so asynchronous code runs the same every time.
 * What waits for the real world (a socket, a worker) is not waited for.
 */
export class VirtualClock implements Clock {
  readonly #tasks = new TaskQueue();
  readonly #watchers = new Set<() => void>();
  #now: number;
  #ran = 0;

  /** @param start milliseconds since 1970 */
  constructor(start = Date.UTC(2025, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  /** Tasks run so far. */
  get ran(): number {
    return this.#ran;
  }

  schedule(delay: number, task: () => void): Cancel {
    return this.#tasks.add(this.#now + Math.max(0, delay), task);
  }

  /** A view of this clock whose tasks can be killed together. */
  mortal(): MortalClock {
    let alive = true;
    return {
      now: () => this.#now,
      schedule: (delay, task) =>
        this.schedule(delay, () => {
          if (alive) task();
        }),
      kill: () => {
        alive = false;
      },
    };
  }

  /** Calls `listener` after each task, when all that follows from it without time passing has happened. */
  watch(listener: () => void): Cancel {
    this.#watchers.add(listener);
    return () => {
      this.#watchers.delete(listener);
    };
  }

  /** Lets everything that awaits a settled promise go on, as far as it can without time passing. */
  async settle(): Promise<void> {
    // The queue of `nextTick` comes round when the queue of promise continuations is empty, and not before.
    await new Promise<void>((resolve) => process.nextTick(resolve));
  }

  /** Runs the next task, moving time to it. @returns false when there is none */
  async step(): Promise<boolean> {
    return this.#step(Number.POSITIVE_INFINITY);
  }

  /** Lets `ms` milliseconds pass. @throws whatever a task throws */
  async advance(ms: number): Promise<void> {
    await this.settle();
    const end = this.#now + ms;
    while (await this.#step(end));
    this.#now = end;
  }

  /**
   * Runs until the predicate holds; it is asked before the first task and after each one.
   * @param limit milliseconds after which to give up
   * @returns whether it holds
   */
  async runUntil(predicate: () => boolean, limit: number): Promise<boolean> {
    await this.settle();
    const end = this.#now + limit;
    while (!predicate()) {
      if (await this.#step(end)) continue;
      if (Number.isFinite(end)) this.#now = end;
      return predicate();
    }
    return true;
  }

  /**
   * Runs until no task is left.
   * @param limit milliseconds after which to give up: a heartbeat never ends
   * @returns whether none is left
   */
  async runUntilIdle(limit = Number.POSITIVE_INFINITY): Promise<boolean> {
    return this.runUntil(() => this.#tasks.nextTime === undefined, limit);
  }

  async #step(end: number): Promise<boolean> {
    const time = this.#tasks.nextTime;
    if (time === undefined || time > end) return false;
    this.#now = time;
    this.#ran += 1;
    this.#tasks.take()?.();
    if (this.#ran % TASKS_PER_TURN === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    await this.settle();
    for (const watcher of this.#watchers) watcher();
    return true;
  }
}
