import { formatCount } from "./format-count.js";

/**
 * "and 1,950 more are viewing", below the faces of viewers.
 *
 * @param unseen persons without a face, at least one
 * @param named viewers in the list above it
 * @param available whether presence tells who edits; without it nobody knows what the others do
 */
export function describeUnseen(unseen: number, named: number, available: boolean): string {
  const verb = unseen === 1 ? "is" : "are";
  const doing = available ? "viewing" : "here";
  return named === 0 ? `${formatCount(unseen)} ${verb} ${doing}` : `and ${formatCount(unseen)} more ${verb} ${doing}`;
}
