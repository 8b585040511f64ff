import { type Cancel, type Clock, type Random, TuttiError } from "@tutti/protocol";
import type { Log } from "../log.js";
import type { Observer } from "../metrics/observer.js";
import type { Store } from "../storage/store.js";
import { Admission } from "./admission.js";
import { ByteRates } from "./byte-rates.js";
import type { Condition, Signals } from "./condition.js";
import { ConditionMonitor } from "./condition-monitor.js";
import { ConnectionGuard } from "./connection-guard.js";
import type { Protection } from "./defaults.js";
import { QueueBudget } from "./queue-budget.js";
import { ConnectionQuotas } from "./quotas.js";
import { Meters, OperationRates } from "./rate-limits.js";
import { StoreWatch } from "./store-watch.js";
import { Suspensions } from "./suspensions.js";
import { Turns } from "./turns.js";
import type { Vitals } from "./vitals.js";

/** Room for another document comes with the next look at the trash at the soonest (milliseconds). */
const UNTIL_TRASH_IS_EMPTIED = 86_400_000;

export interface GuardEnvironment {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly observer: Observer;
  readonly protection: Protection;
  /** False: rates, quotas and suspensions are off (benchmarks); what bounds memory stays on. */
  readonly rateLimits: boolean;
  readonly vitals: Vitals;
}

/** The end of a connection that can stop reading, as far as it can. */
export interface Readable {
  pause?(): Cancel;
}

/** Protects the server from people, and people from one another (S7, S8, S10, S12, L1, L3). */
export class Guard {
  readonly env: GuardEnvironment;
  readonly rates: OperationRates;
  readonly bytes: ByteRates;
  readonly suspensions: Suspensions;
  readonly quotas: ConnectionQuotas;
  readonly admission: Admission;
  readonly #queue: QueueBudget;
  readonly #storage: StoreWatch;
  readonly #monitor: ConditionMonitor;
  readonly #creations: Meters;
  readonly #reports: Meters;
  readonly #wishes: Meters;
  readonly #connections = new Set<ConnectionGuard>();
  #stopping = false;
  #lastProbe = Number.NEGATIVE_INFINITY;

  constructor(env: GuardEnvironment) {
    this.env = env;
    this.rates = new OperationRates(env.protection);
    this.bytes = new ByteRates(env.protection);
    this.suspensions = new Suspensions(env.protection);
    this.quotas = new ConnectionQuotas(env.protection);
    this.admission = new Admission({ ...env, shut: () => this.condition.shedding >= 4 });
    this.#queue = new QueueBudget(env.protection);
    this.#storage = new StoreWatch(env.clock);
    this.#creations = new Meters([{ most: env.protection.newDocumentsPerUser, length: 3_600_000 }]);
    this.#reports = new Meters([{ most: env.protection.reportsPerUser, length: 60_000 }]);
    this.#wishes = new Meters([{ most: env.protection.wishesPerUser, length: 60_000 }]);
    this.#monitor = new ConditionMonitor({
      ...env,
      signals: () => this.#signals(),
      busy: () => this.#connections.size > 0 || this.#storage.busy,
      looked: (now) => this.#looked(now),
    });
    this.#monitor.onChange(() => {
      for (const connection of this.#connections) connection.notify();
    });
  }

  get condition(): Condition {
    return this.#monitor.condition;
  }

  /** Looks at the signals now, and says how the server is. */
  check(): Condition {
    this.#monitor.look();
    return this.condition;
  }

  /** The same store, watched. */
  watch(store: Store): Store {
    return this.#storage.watch(store, () => this.#monitor.wake());
  }

  /** The queue of one document. */
  turns(): Turns {
    return new Turns(this.env.protection, this.#queue, (user) => this.#slowDown(user));
  }

  /** @param notify told when the client is to be told how the server is */
  connection(readable: Readable, address: string | undefined, notify: () => void): ConnectionGuard {
    const connection: ConnectionGuard = new ConnectionGuard(this, readable, { address, notify }, () => {
      this.#connections.delete(connection);
    });
    this.#connections.add(connection);
    this.#monitor.wake();
    return connection;
  }

  /**
   * Whether somebody from there may connect (S10, L3).
   * @throws TuttiError `overloaded`, `too_many_connections`, `suspended`, `shutting_down`; each with `retryAfter`
   */
  admit(address: string | undefined): void {
    const now = this.env.clock.now();
    if (this.#stopping) throw new TuttiError("shutting_down", "the server is stopping", this.retryAfter());
    if (this.condition.shedding >= 4)
      throw new TuttiError("overloaded", "the server is at its limits", this.admission.retryAfter());
    if (!this.env.rateLimits) return;
    const suspended = address === undefined ? 0 : this.suspensions.remaining(address, now);
    if (suspended > 0) throw new TuttiError("suspended", "too many offences from this address", suspended);
    const excess = this.quotas.excess(address, now);
    if (excess !== undefined) {
      throw new TuttiError("too_many_connections", `at the limit: ${excess}`, this.retryAfter());
    }
  }

  /** @throws TuttiError `overloaded` while old versions are not read (S7) */
  readHistory(): void {
    if (this.condition.shedding < 2) return;
    throw new TuttiError("overloaded", "old versions are not read for now", this.retryAfter());
  }

  /** Counts a new document of a person. @throws TuttiError `quota_exceeded` (L3) */
  createDocument(user: string): void {
    if (!this.env.rateLimits) return;
    const now = this.env.clock.now();
    const meter = this.#creations.of(user);
    const wait = meter.wait(now);
    if (wait > 0) throw new TuttiError("quota_exceeded", "too many new documents in one hour", wait);
    meter.count(now);
  }

  /** Counts a report of a person. @returns false: there are too many of them in this minute */
  takesReport(user: string): boolean {
    return this.#reports.of(user).take(this.env.clock.now()) === 0;
  }

  /** Counts a wish or a decision about places. @returns milliseconds to wait; 0: it was counted */
  takeWish(user: string): number {
    return this.#wishes.of(user).take(this.env.clock.now());
  }

  /**
   * Whether somebody may have one more document.
   * @param kept documents of this person
   * @throws TuttiError `quota_exceeded` (L3)
   */
  keepDocument(kept: number): void {
    if (!this.env.rateLimits || kept < this.env.protection.documentsPerUser) return;
    throw new TuttiError("quota_exceeded", "as many documents as one person may have", UNTIL_TRASH_IS_EMPTIED);
  }

  /** True for one edit in each interval of read-only mode: it finds out whether storage is back. */
  mayProbe(): boolean {
    const now = this.env.clock.now();
    if (now - this.#lastProbe < this.env.protection.probeInterval) return false;
    this.#lastProbe = now;
    return true;
  }

  /** A wait in milliseconds, spread so that those who are sent away together do not come back together. */
  retryAfter(): number {
    return Math.round(this.env.protection.retryAfter * (1 + 9 * this.env.random.next()));
  }

  /** From now on nobody is let in. */
  stop(): void {
    this.#stopping = true;
    this.#monitor.look();
  }

  #slowDown(user: string): void {
    for (const connection of this.#connections) if (connection.user === user) connection.slowDown();
  }

  #signals(): Signals {
    return {
      commitTime: this.#storage.takeCommitTime(),
      failedCommits: this.#storage.failedCommits,
      failedReads: this.#storage.failedReads,
      queuedOperations: this.#queue.operations,
      queuedBytes: this.#queue.bytes,
      eventLoopLag: this.env.vitals.takeEventLoopLag(),
      memoryBytes: this.env.vitals.memoryBytes(),
      stopping: this.#stopping,
    };
  }

  #looked(now: number): void {
    this.rates.prune(now);
    this.bytes.prune(now, (user) => this.quotas.has(user));
    this.suspensions.prune(now);
    this.quotas.prune(now);
    this.#creations.prune(now);
    this.#reports.prune(now);
    this.#wishes.prune(now);
  }
}
