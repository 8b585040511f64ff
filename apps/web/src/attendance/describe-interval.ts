/** "every 100 ms", "every second", "every 1.5 seconds". @param ms milliseconds, at least 1 */
export function describeInterval(ms: number): string {
  if (ms < 1000) return `every ${ms} ms`;
  return ms === 1000 ? "every second" : `every ${Math.round(ms / 100) / 10} seconds`;
}
