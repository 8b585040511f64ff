import type { Protection } from "./defaults.js";
import { counted, EMPTY_WINDOW, isOver, type Window, type WindowRule, waitFor } from "./sliding-window.js";

/** The windows of one connection, person or document. */
export class Meter {
  readonly #rules: readonly WindowRule[];
  #windows: readonly Window[];

  constructor(rules: readonly WindowRule[]) {
    this.#rules = rules;
    this.#windows = rules.map(() => EMPTY_WINDOW);
  }

  /** Milliseconds until one more is allowed by all rules; 0: now. */
  wait(now: number): number {
    let longest = 0;
    for (const [index, rule] of this.#rules.entries()) {
      longest = Math.max(longest, waitFor(rule, this.#windows[index] ?? EMPTY_WINDOW, now));
    }
    return longest;
  }

  count(now: number): void {
    this.#windows = this.#windows.map((window, index) => {
      const rule = this.#rules[index];
      return rule === undefined ? window : counted(rule, window, now);
    });
  }

  /** Counts one more, if the rules allow it. @returns milliseconds to wait; 0: it was counted */
  take(now: number): number {
    const wait = this.wait(now);
    if (wait === 0) this.count(now);
    return wait;
  }

  isOver(now: number): boolean {
    return this.#rules.every((rule, index) => isOver(rule, this.#windows[index] ?? EMPTY_WINDOW, now));
  }
}

/** Meters by name, each made when it is first needed and forgotten when it says nothing any more. */
export class Meters {
  readonly #rules: readonly WindowRule[];
  readonly #meters = new Map<string, Meter>();

  constructor(rules: readonly WindowRule[]) {
    this.#rules = rules;
  }

  get size(): number {
    return this.#meters.size;
  }

  of(name: string): Meter {
    const known = this.#meters.get(name);
    if (known !== undefined) return known;
    const meter = new Meter(this.#rules);
    this.#meters.set(name, meter);
    return meter;
  }

  prune(now: number): void {
    for (const [name, meter] of this.#meters) if (meter.isOver(now)) this.#meters.delete(name);
  }
}

/** The three rates at which operations are taken (L1). */
export class OperationRates {
  readonly #connectionRules: readonly WindowRule[];
  readonly #users: Meters;
  readonly #documents: Meters;

  constructor(protection: Protection) {
    this.#connectionRules = [{ most: protection.operationsPerConnection, length: 1000 }];
    this.#users = new Meters([
      { most: protection.operationsPerUser, length: 1000 },
      { most: protection.operationsPerUserBurst, length: 5000 },
      { most: protection.operationsPerUserSustained, length: 60_000 },
    ]);
    this.#documents = new Meters([{ most: protection.operationsPerDocument, length: 1000 }]);
  }

  forConnection(): Meter {
    return new Meter(this.#connectionRules);
  }

  /**
   * Counts an operation against connection, person and document, if all three allow it; otherwise it counts for none.
   * @returns milliseconds to wait; 0: it was counted
   */
  take(connection: Meter, user: string, document: string, now: number): number {
    const meters = [connection, this.#users.of(user), this.#documents.of(document)];
    const wait = Math.max(...meters.map((meter) => meter.wait(now)));
    if (wait === 0) for (const meter of meters) meter.count(now);
    return wait;
  }

  /** Forgets whoever was quiet for long enough. */
  prune(now: number): void {
    this.#users.prune(now);
    this.#documents.prune(now);
  }
}
