import type { Spans } from "@tutti/ot";
import type { TimeSlices } from "../delivery/time-slices.js";

/** Spans of 2^4, 2^8, 2^12 … operations: each is composed of at most sixteen that are known by then. */
const STEP = 16;

/**
 * Composes what `spans.between(from, to)` is made of, small spans first, in steps between which others have their turn;
 * afterwards it costs next to nothing. Longest single step: composing sixteen spans of what is already composed.
 */
export async function composeStepwise(spans: Spans, from: number, to: number, slices: TimeSlices): Promise<void> {
  for (let length = STEP; length <= to - from; length *= STEP) {
    for (let start = Math.ceil(from / length) * length; start + length <= to; start += length) {
      for (const piece of spans.between(start, start + length) ?? []) void piece.operation;
      await slices.next();
    }
  }
  for (const piece of spans.between(from, to) ?? []) {
    void piece.operation;
    await slices.next();
  }
}
