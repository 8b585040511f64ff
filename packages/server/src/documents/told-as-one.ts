import { compose, type Operation } from "@tutti/ot";
import type { HistoryPiece } from "./history.js";

/** A power of two. */
const BLOCK = 4096;

/**
 * Of the canonical list of a gap, what lies between two multiples of 4096 is told as one: a gap of 10,000 operations is
 * three pieces, not twenty, and whoever has much pending transforms it three times. The result depends on where the gap
 * starts and ends alone, and behind each piece it goes on as it would from there, as the canonical list itself.
 */
export function toldAsOne(pieces: readonly HistoryPiece[]): readonly HistoryPiece[] {
  const groups = new Map<number, HistoryPiece[]>();
  for (const piece of pieces) {
    const block = Math.floor(piece.from / BLOCK);
    groups.set(block, [...(groups.get(block) ?? []), piece]);
  }
  return [...groups.values()].map(asOne);
}

function asOne(pieces: readonly HistoryPiece[]): HistoryPiece {
  const [first] = pieces as readonly [HistoryPiece];
  const { last } = pieces.at(-1) ?? first;
  return pieces.length === 1 ? first : { from: first.from, operation: composed(pieces), last };
}

/** By halves, so that short ones are not composed onto long ones again and again. */
function composed(pieces: readonly HistoryPiece[]): Operation {
  const [first] = pieces as readonly [HistoryPiece];
  if (pieces.length === 1) return first.operation;
  const half = pieces.length >> 1;
  return compose(composed(pieces.slice(0, half)), composed(pieces.slice(half)));
}
