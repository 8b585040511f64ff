import type { ChangeEvent } from "@tutti/client";
import { placeOfChange, type Selection } from "@tutti/ot";

/**
 * Where the person should be after an undo or redo (C7): what was selected before the edit that is taken back, or the
 * place of the change where nobody remembers that.
 */
export function selectionAfter({ selection, delta }: ChangeEvent): Selection {
  const place = placeOfChange(delta) ?? 0;
  return selection ?? { anchor: place, head: place };
}
