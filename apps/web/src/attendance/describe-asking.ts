import type { Attendance } from "@tutti/client";

/** "Ben asks to edit", "Ben and Cleo ask to edit", "12 people ask to edit"; empty for nobody. */
export function describeAsking(asking: Attendance["asking"]): string {
  const [first, second] = asking;
  if (first === undefined) return "";
  if (second === undefined) return `${first.name} asks to edit`;
  if (asking.length === 2) return `${first.name} and ${second.name} ask to edit`;
  return `${asking.length} people ask to edit`;
}
