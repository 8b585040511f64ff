import { isDamage } from "./client-rows.js";
import type { Append, AppendOutcome } from "./store.js";

/** The durable commit: all appends in one transaction. */
export type Commit = (appends: readonly Append[]) => Promise<readonly AppendOutcome[]>;

export interface CommitStats {
  /** Transactions so far, those that failed included. */
  readonly commits: number;
  /** Calls of `append` that were answered so far. */
  readonly appends: number;
  /** Calls of `append` that wait for a transaction or are in one. */
  readonly queued: number;
}

interface Entry {
  readonly appends: readonly Append[];
  readonly resolve: (outcomes: readonly AppendOutcome[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Upper bound for one transaction, so that a burst can't make everybody wait for one giant commit. */
const MOST_CALLS_IN_ONE_COMMIT = 1000;

/**
 * Group commit (S5): one transaction is under way at a time, and all appends that come meanwhile share the next one.
 * So the number of syncs does not grow with the number of documents. Order of calls is order of commits.
 */
export class CommitQueue {
  readonly #commit: Commit;
  #waiting: Entry[] = [];
  #running: Promise<void> | undefined;
  #commits = 0;
  #appends = 0;
  #queued = 0;

  constructor(commit: Commit) {
    this.#commit = commit;
  }

  /** One durable commit, shared with others; rejects with the error of the commit. */
  append(appends: readonly Append[]): Promise<readonly AppendOutcome[]> {
    this.#queued += 1;
    const outcome = new Promise<readonly AppendOutcome[]>((resolve, reject) => {
      this.#waiting.push({ appends, resolve, reject });
    });
    this.#running ??= this.#run();
    return outcome;
  }

  /** Resolves when nothing is under way; never rejects. */
  async drained(): Promise<void> {
    await this.#running;
  }

  stats(): CommitStats {
    return { commits: this.#commits, appends: this.#appends, queued: this.#queued };
  }

  async #run(): Promise<void> {
    // Calls made in the same turn of the event loop share the first commit.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#commitTogether(this.#waiting.splice(0, MOST_CALLS_IN_ONE_COMMIT));
    this.#running = undefined;
  }

  /** Never rejects. */
  async #commitTogether(batch: readonly Entry[]): Promise<void> {
    try {
      this.#commits += 1;
      const outcomes = await this.#commit(batch.flatMap((entry) => entry.appends));
      this.#answer(batch, outcomes);
    } catch (error) {
      if (batch.length > 1 && isDamage(error)) await this.#commitApart(batch);
      else this.#refuse(batch, error);
    }
  }

  /** Damage belongs to one document: the others must not fail with it. */
  async #commitApart(batch: readonly Entry[]): Promise<void> {
    for (const entry of batch) await this.#commitTogether([entry]);
  }

  #answer(batch: readonly Entry[], outcomes: readonly AppendOutcome[]): void {
    let start = 0;
    for (const { appends, resolve } of batch) {
      resolve(outcomes.slice(start, start + appends.length));
      start += appends.length;
    }
    this.#count(batch);
  }

  #refuse(batch: readonly Entry[], error: unknown): void {
    for (const { reject } of batch) reject(error);
    this.#count(batch);
  }

  #count(batch: readonly Entry[]): void {
    this.#appends += batch.length;
    this.#queued -= batch.length;
  }
}
