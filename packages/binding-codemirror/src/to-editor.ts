import type { ChangeSpec } from "@codemirror/state";
import { componentLength, EMBED_CHARACTER, isDelete, isInsert, type Operation } from "@tutti/ot";

interface Replacement {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** A Delta as changes of the text before it. Formatting does not show; an embed shows as U+FFFC. */
export function changesFromDelta(delta: Operation): ChangeSpec[] {
  const changes: Replacement[] = [];
  let position = 0;
  for (const part of delta) {
    if (isInsert(part)) {
      const text = typeof part.insert === "string" ? part.insert : EMBED_CHARACTER;
      changes.push(extended(changes, { from: position, to: position, insert: text }));
      continue;
    }
    const length = componentLength(part);
    if (isDelete(part)) changes.push(extended(changes, { from: position, to: position + length, insert: "" }));
    position += length;
  }
  return changes;
}

/** The one replacement that turns `before` into `after`; undefined when they are equal. */
export function replacementBetween(before: string, after: string): Replacement | undefined {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start += 1;
  let end = 0;
  while (
    end < shorter - start &&
    before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)
  ) {
    end += 1;
  }
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}

/** The change, together with the last one where that ends here: inserts and deletes at one place are one replacement. */
function extended(changes: Replacement[], change: Replacement): Replacement {
  const last = changes.at(-1);
  if (last === undefined || last.to !== change.from) return change;
  changes.pop();
  return { from: last.from, to: change.to, insert: last.insert + change.insert };
}
