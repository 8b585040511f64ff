import { describeTime } from "../home/describe-time.js";

/** "active now" or "active 5 minutes ago". Both times in milliseconds since 1970. */
export function describeActive(active: number, now: number): string {
  return now - active < 60_000 ? "active now" : `active ${describeTime(active, now)}`;
}
