import { randomBytes } from "node:crypto";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Cancel, Clock, Random } from "@tutti/protocol";
import { pino } from "pino";
import type { Log } from "./log.js";
import type { Vitals } from "./protection/vitals.js";

/** The real outside world. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(delay, task) {
    if (delay <= 0) return soon(task);
    const timer = setTimeout(task, delay);
    return () => clearTimeout(timer);
  },
};

/** When everything that has come by now was taken, and not a millisecond later, as a timer would be. */
function soon(task: () => void): Cancel {
  const immediate = setImmediate(task);
  return () => clearImmediate(immediate);
}

/** Milliseconds between two looks at the event loop. */
const EVENT_LOOP_RESOLUTION = 20;

/** Unpredictable, so fit for ids that nobody may guess. */
export const systemRandom: Random = {
  next: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
};

/** How this process does. */
export function systemVitals(): Vitals {
  const delay = monitorEventLoopDelay({ resolution: EVENT_LOOP_RESOLUTION });
  delay.enable();
  return {
    takeEventLoopLag() {
      const lag = Math.max(0, delay.percentile(50) / 1e6 - EVENT_LOOP_RESOLUTION);
      delay.reset();
      return lag;
    },
    memoryBytes() {
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    },
  };
}

export function createLog(): Log {
  const logger = pino({ level: "info", base: null });
  return {
    info: (message, fields) => logger.info(fields, message),
    warn: (message, fields) => logger.warn(fields, message),
    error: (message, fields) => logger.error(fields, message),
  };
}
