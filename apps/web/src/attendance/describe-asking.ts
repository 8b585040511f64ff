import type { Attendance } from "@tutti/client";

/** So many are named by the server; there may be more of them. */
const MOST_NAMED = 100;

/** "Ben asks to edit", "Ben and Cleo ask to edit", "12 people ask to edit"; empty for nobody. */
export function describeAsking(asking: Attendance["asking"]): string {
  const [first, second] = asking;
  if (first === undefined) return "";
  if (second === undefined) return `${first.name} asks to edit`;
  if (asking.length === 2) return `${first.name} and ${second.name} ask to edit`;
  return `${countAsking(asking)} people ask to edit`;
}

/** "12", "100+". */
export function countAsking({ length }: Attendance["asking"]): string {
  return length < MOST_NAMED ? `${length}` : `${MOST_NAMED}+`;
}
