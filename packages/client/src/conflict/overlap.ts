import {
  type Component,
  componentLength,
  type Document,
  isDelete,
  isInsert,
  isRetain,
  type Operation,
} from "@tutti/ot";

/**
 * How much both sides changed in the same paragraphs (C12): in each paragraph the characters inserted and deleted by the
 * side that changed less, all paragraphs together. O(components · log n + lines inserted or deleted).
 *
 * @param visible what the person sees: with mine, without theirs
 * @param mine leads to `visible`
 * @param theirs starts from `visible`
 */
export function overlapOf(visible: Document, mine: Operation, theirs: Operation): number {
  const byThem = touched(visible, theirs, isDelete);
  let overlap = 0;
  for (const [line, units] of touched(visible, mine, isInsert)) overlap += Math.min(units, byThem.get(line) ?? 0);
  return overlap;
}

/** Characters that an operation inserts and deletes. */
export const volumeOf = (operation: Operation): number =>
  operation.reduce((sum, part) => sum + (isInsert(part) || isDelete(part) ? componentLength(part) : 0), 0);

type Lines = Map<number, number>;

/**
 * Characters changed in each line.
 * @param isThere whether what a component is about is in the document: inserted before it, or still to be deleted
 */
function touched(document: Document, operation: Operation, isThere: (part: Component) => boolean): Lines {
  const lines: Lines = new Map();
  let position = 0;
  for (const part of operation) {
    const length = componentLength(part);
    if (!isRetain(part) && !isThere(part)) {
      add(lines, document.lineAt(position), length);
      continue;
    }
    if (!isRetain(part)) spread(lines, document, position, length);
    position += length;
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
