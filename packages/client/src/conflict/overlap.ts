import { componentLength, type Document, isDelete, isInsert, type Operation } from "@tutti/ot";

/**
 * How much both sides changed in the same paragraphs (C12): in each paragraph the characters inserted and deleted by the
 * side that changed less, all paragraphs together. O(components · log n + lines inserted or deleted).
 *
 * @param visible what the person sees: with mine, without theirs
 * @param mine leads to `visible`
 * @param theirs starts from `visible`
 */
export function overlapOf(visible: Document, mine: Operation, theirs: Operation): number {
  const byThem = touchedByNext(visible, theirs);
  let overlap = 0;
  for (const [line, units] of touchedByLast(visible, mine)) overlap += Math.min(units, byThem.get(line) ?? 0);
  return overlap;
}

/** Characters that an operation inserts and deletes. */
export const volumeOf = (operation: Operation): number =>
  operation.reduce((sum, part) => sum + (isInsert(part) || isDelete(part) ? componentLength(part) : 0), 0);

type Lines = Map<number, number>;

/** Characters changed in each line by the operation that led to the document. */
function touchedByLast(document: Document, operation: Operation): Lines {
  const lines: Lines = new Map();
  let position = 0;
  for (const part of operation) {
    const length = componentLength(part);
    if (isInsert(part)) spread(lines, document, position, length);
    if (isDelete(part)) add(lines, document.lineAt(position), length);
    else position += length;
  }
  return lines;
}

/** Characters changed in each line by an operation on the document. */
function touchedByNext(document: Document, operation: Operation): Lines {
  const lines: Lines = new Map();
  let position = 0;
  for (const part of operation) {
    const length = componentLength(part);
    if (isDelete(part)) spread(lines, document, position, length);
    if (isInsert(part)) add(lines, document.lineAt(position), length);
    else position += length;
  }
  return lines;
}

/** Counts `length` units from `from` on, each for the line that it is in. */
function spread(lines: Lines, document: Document, from: number, length: number): void {
  const end = from + length;
  let line = document.lineAt(from);
  for (let reached = from; reached < end; line += 1) {
    const next = line + 1 < document.lineCount ? Math.min(end, document.lineStart(line + 1)) : end;
    add(lines, line, next - reached);
    reached = next;
  }
}

function add(lines: Lines, line: number, units: number): void {
  lines.set(line, (lines.get(line) ?? 0) + units);
}
