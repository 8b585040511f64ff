import { componentLength, isDelete, isInsert, type Operation } from "./operation.js";
import { transformPosition } from "./position.js";

/**
 * The stretch of text that this author has been typing: [start, end). An insert behind any unit of it continues the
 * run and carries the bit of E4.
 */
export interface Run {
  readonly start: number;
  readonly end: number;
}

/** Whether an insert at `index` has a unit of the run as its left neighbour. */
export const continuesRun = (run: Run | undefined, index: number): boolean =>
  run !== undefined && index > run.start && index <= run.end;

/** The run after an insert of the author. */
export function growRun(run: Run | undefined, index: number, length: number): Run {
  // What is behind the caret is not continued any more: foreign text may come between.
  if (run !== undefined && continuesRun(run, index)) return { start: run.start, end: index + length };
  return { start: index, end: index + length };
}

/**
 * The run after somebody else's operation; undefined when nothing of it is left. Foreign text inside the run ends it:
 * what is left is the part behind the last foreign insert, where the author goes on typing.
 */
export function moveRun(run: Run | undefined, remote: Operation): Run | undefined {
  if (run === undefined) return undefined;
  let old = 0;
  let now = 0;
  let start = transformPosition(remote, run.start, "right");
  const end = transformPosition(remote, run.end, "left");
  for (const part of remote) {
    const length = componentLength(part);
    if (isInsert(part)) {
      now += length;
      if (old > run.start && old < run.end) start = now;
      continue;
    }
    old += length;
    if (!isDelete(part)) now += length;
  }
  return start < end ? { start, end } : undefined;
}
