import type { Clock } from "@tutti/protocol";
import type { Log } from "../log.js";
import type { Observer } from "../metrics/observer.js";
import { type Condition, next, normal, type Signals } from "./condition.js";
import type { Protection } from "./defaults.js";

export interface MonitorEnvironment {
  readonly clock: Clock;
  readonly log: Log;
  readonly observer: Observer;
  readonly protection: Protection;
  readonly signals: () => Signals;
  /** Whether there is anything to watch for: with nobody here and all calm, it stops looking. */
  readonly busy: () => boolean;
  /** Called at each look. */
  readonly looked: (now: number) => void;
}

/** Looks at the signals in regular intervals, and tells when the condition has changed (S8). */
export class ConditionMonitor {
  readonly #env: MonitorEnvironment;
  readonly #listeners = new Set<(condition: Condition) => void>();
  #condition: Condition;
  #watching = false;

  constructor(env: MonitorEnvironment) {
    this.#env = env;
    this.#condition = normal(env.clock.now());
  }

  get condition(): Condition {
    return this.#condition;
  }

  /** Calls `listener` after each change of level or of shedding. */
  onChange(listener: (condition: Condition) => void): void {
    this.#listeners.add(listener);
  }

  /** Something happens: keeps looking as long as it does. */
  wake(): void {
    if (this.#watching) return;
    this.#watching = true;
    this.#env.clock.schedule(this.#env.protection.sampleInterval, () => this.#watch());
  }

  /** Looks now. */
  look(): void {
    const { clock, protection, signals, looked } = this.#env;
    const now = clock.now();
    const before = this.#condition;
    this.#condition = next(before, signals(), now, protection);
    looked(now);
    if (before.level !== this.#condition.level || before.shedding !== this.#condition.shedding) this.#changed(before);
  }

  #watch(): void {
    this.look();
    this.#watching = false;
    if (this.#env.busy() || this.#condition.level > 0) this.wake();
  }

  #changed(before: Condition): void {
    const { level, name, shedding, reasons } = this.#condition;
    const fields = { level, name, before: before.level, shedding, reasons: reasons.join(" ") };
    if (level > before.level || shedding > before.shedding) this.#env.log.warn("service is degraded", fields);
    else this.#env.log.info("service recovers", fields);
    this.#env.observer.condition(level, shedding);
    for (const listener of this.#listeners) listener(this.#condition);
  }
}
