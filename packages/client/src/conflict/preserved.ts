import { equalJson, type Insert, isInsert, type Operation } from "@tutti/ot";

/**
 * Whether nothing that the person typed got lost when what is pending was moved over the changes of others. Text may be
 * missing where others inserted the very same (E5).
 *
 * @param before what was pending, in order
 * @param after the same, moved
 * @param others over what it was moved
 */
export function preserves(before: readonly Operation[], after: readonly Operation[], others: Operation): boolean {
  const moved = insertsOf(after).map(unitsOf).join("");
  const known = others.filter(isInsert);
  let reached = 0;
  for (const insert of insertsOf(before)) {
    const units = unitsOf(insert);
    if (moved.startsWith(units, reached)) reached += units.length;
    else if (!known.some((other) => equalJson(other.insert, insert.insert))) return false;
  }
  return reached === moved.length;
}

const insertsOf = (operations: readonly Operation[]): readonly Insert[] =>
  operations.flatMap((operation) => operation.filter(isInsert));

const unitsOf = ({ insert }: Insert): string => (typeof insert === "string" ? insert : JSON.stringify(insert));
