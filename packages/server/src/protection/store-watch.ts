import type { Clock } from "@tutti/protocol";
import { type Store, StoreError } from "../storage/store.js";

/** Failures older than this say nothing any more: nobody has tried since (milliseconds). */
const MEMORY = 10_000;

/** What a document is loaded with; what these say of storage counts for reading, not for writing. */
const READS: ReadonlySet<string | symbol> = new Set<keyof Store>([
  "document",
  "documents",
  "version",
  "operations",
  "snapshot",
  "clientPosition",
]);

/** Counts failures in a row. */
class Failures {
  #count = 0;
  #last = Number.NEGATIVE_INFINITY;

  count(now: number): number {
    return now - this.#last > MEMORY ? 0 : this.#count;
  }

  failed(now: number): void {
    this.#count = this.count(now) + 1;
    this.#last = now;
  }

  succeeded(): void {
    this.#count = 0;
  }
}

/** How storage does, seen from outside: nothing asks the store itself. */
export class StoreWatch {
  readonly #clock: Clock;
  readonly #commits = new Failures();
  readonly #reads = new Failures();
  readonly #underWay = new Set<{ readonly started: number }>();
  #slowest = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get failedCommits(): number {
    return this.#commits.count(this.#clock.now());
  }

  get failedReads(): number {
    return this.#reads.count(this.#clock.now());
  }

  /** True while commits are under way, or failures are remembered. */
  get busy(): boolean {
    return this.#underWay.size > 0 || this.failedCommits > 0 || this.failedReads > 0;
  }

  /** The slowest commit since the last call, or the time that the oldest one under way has taken; milliseconds. */
  takeCommitTime(): number {
    const [oldest] = this.#underWay;
    const waiting = oldest === undefined ? 0 : this.#clock.now() - oldest.started;
    const slowest = Math.max(this.#slowest, waiting);
    this.#slowest = 0;
    return slowest;
  }

  /**
   * The same store, watched.
   * @param active called at each commit
   */
  watch(store: Store, active: () => void): Store {
    return new Proxy(store, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        const call = (...args: readonly unknown[]): unknown => Reflect.apply(member, target, args);
        if (name === "append") return (...args: readonly unknown[]) => this.#commit(() => call(...args), active);
        return READS.has(name) ? (...args: readonly unknown[]) => this.#read(call(...args)) : call;
      },
    });
  }

  async #commit(append: () => unknown, active: () => void): Promise<unknown> {
    const commit = { started: this.#clock.now() };
    this.#underWay.add(commit);
    active();
    try {
      const outcome = await append();
      this.#commits.succeeded();
      return outcome;
    } catch (error) {
      if (isFailure(error)) this.#commits.failed(this.#clock.now());
      throw error;
    } finally {
      this.#underWay.delete(commit);
      this.#slowest = Math.max(this.#slowest, this.#clock.now() - commit.started);
    }
  }

  #read(answer: unknown): unknown {
    if (answer instanceof Promise) {
      answer.then(
        () => this.#reads.succeeded(),
        (error: unknown) => {
          if (isFailure(error)) this.#reads.failed(this.#clock.now());
        },
      );
    }
    return answer;
  }
}

/** What the caller did wrong, or what is wrong with one document, says nothing of storage as a whole. */
const isFailure = (error: unknown): boolean => !(error instanceof StoreError) || error.code === "unavailable";
