import type { ChangeSet, Text } from "@codemirror/state";
import { type Operation, OperationBuilder } from "@tutti/ot";

/**
 * What a set of changes does, as a Delta on the text before it. Both count UTF-16 units and both end lines with "\n".
 * Law: the text before with the Delta applied is the text after.
 */
export function deltaFromChanges(changes: ChangeSet, before: Text, after: Text): Operation {
  const out = new OperationBuilder();
  let kept = 0;
  changes.iterChanges((fromBefore, toBefore, fromAfter, toAfter) => {
    // Takes in the other half where an edge of the change would tear a surrogate pair apart (E1).
    const left = isTorn(before, fromBefore) ? 1 : 0;
    const right = isTorn(before, toBefore) ? 1 : 0;
    out.retain(fromBefore - left - kept);
    out.insert(after.sliceString(fromAfter - left, toAfter + right));
    out.delete(toBefore + right - (fromBefore - left));
    kept = toBefore + right;
  });
  return out.build();
}

function isTorn(text: Text, position: number): boolean {
  if (position === 0 || position >= text.length) return false;
  return /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.sliceString(position - 1, position + 1));
}
