const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["minute", 60_000],
  ["hour", 3_600_000],
  ["day", 86_400_000],
];
const relative = new Intl.RelativeTimeFormat("en-GB", { numeric: "auto" });
const absolute = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });

/** "just now", "5 minutes ago", "yesterday", or the date after a week. Both times in milliseconds since 1970. */
export function describeTime(time: number, now: number): string {
  const age = now - time;
  if (age < 60_000) return "just now";
  if (age >= 7 * 86_400_000) return absolute.format(time);
  const [unit, length] = UNITS.findLast(([, unitLength]) => age >= unitLength) ?? ["minute", 60_000];
  return relative.format(-Math.floor(age / length), unit);
}
