import { monitorEventLoopDelay } from "node:perf_hooks";

/** What a process of the benchmark needed itself: what it was late with is not the server's delay. */
export interface Effort {
  /** Share of one core. */
  readonly processor: number;
  /** How late (ms) its timers came: a bound of what it adds to a delay that it measures. */
  readonly lag: { readonly p50: number; readonly p99: number; readonly max: number };
}

/** Milliseconds between two looks at the event loop. */
const RESOLUTION = 2;

/** Watches the process that it is in. */
export class Meter {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  #processor = process.cpuUsage();
  #since = performance.now();

  constructor() {
    this.#delay.enable();
  }

  /** Since the call before. */
  take(): Effort {
    const { user, system } = process.cpuUsage(this.#processor);
    const elapsed = performance.now() - this.#since;
    const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION);
    const effort = {
      processor: (user + system) / 1_000 / elapsed,
      lag: {
        p50: late(this.#delay.percentile(50)),
        p99: late(this.#delay.percentile(99)),
        max: late(this.#delay.max),
      },
    };
    this.#delay.reset();
    this.#processor = process.cpuUsage();
    this.#since = performance.now();
    return effort;
  }
}
