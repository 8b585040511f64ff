import {
  componentLength,
  continuesRun,
  growRun,
  isDelete,
  isInsert,
  type Operation,
  OperationBuilder,
  type Run,
} from "@tutti/ot";

/** An own edit with the bit of E4 set where it belongs, and the run after it. */
export interface MarkedEdit {
  readonly operation: Operation;
  readonly run: Run | undefined;
}

/**
 * Marks each insert of the author that has a unit of the author's own run as its left neighbour (E4). This is the only
 * place where the bit is set: only here is it known what the person typed last.
 *
 * The edit is taken as one small step after the other, from left to right, each on the text that the steps before
 * leave: an insert grows the run or starts a new one, a delete shrinks it.
 *
 * @param operation an edit of the person, made on what they see; bits that it brings are replaced
 * @param run the run in what the person sees
 */
export function markRun(operation: Operation, run: Run | undefined): MarkedEdit {
  const out = new OperationBuilder();
  let position = 0;
  let current = run;
  for (const part of operation) {
    if (isInsert(part)) {
      out.insert(part.insert, part.attributes, continuesRun(current, position));
      current = growRun(current, position, componentLength(part));
      position += componentLength(part);
    } else if (isDelete(part)) {
      out.push(part);
      current = shrinkRun(current, position, part.delete);
    } else {
      out.push(part);
      position += part.retain;
    }
  }
  return { operation: out.build(), run: current };
}

/** The run after [index, index + length) was deleted; undefined when nothing of it is left. */
function shrinkRun(run: Run | undefined, index: number, length: number): Run | undefined {
  if (run === undefined) return undefined;
  const moved = (position: number): number => (position <= index ? position : Math.max(index, position - length));
  const start = moved(run.start);
  const end = moved(run.end);
  return start < end ? { start, end } : undefined;
}
