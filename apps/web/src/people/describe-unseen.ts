import { formatCount } from "./format-count.js";

/** "and 1,950 more are viewing", below the faces of those who view. @param unseen persons without a face, at least one */
export function describeUnseen(unseen: number): string {
  return `and ${formatCount(unseen)} more ${unseen === 1 ? "is" : "are"} viewing`;
}
