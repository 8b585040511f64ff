import { randomBytes } from "node:crypto";
import type { Clock, Random } from "@tutti/protocol";
import { pino } from "pino";
import type { Log } from "./log.js";

/** The real outside world. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(delay, task) {
    const timer = setTimeout(task, delay);
    return () => clearTimeout(timer);
  },
};

/** Unpredictable, so fit for ids that nobody may guess. */
export const systemRandom: Random = {
  next: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
};

export function createLog(): Log {
  const logger = pino({ level: "info", base: null });
  return {
    info: (message, fields) => logger.info(fields, message),
    warn: (message, fields) => logger.warn(fields, message),
    error: (message, fields) => logger.error(fields, message),
  };
}
