import type { ChangeEvent } from "@tutti/client";
import { placeOfChange } from "@tutti/ot";

/** Where the person is, in UTF-16 units of the text. */
export interface OwnSelection {
  readonly anchor: number;
  readonly head: number;
}

/**
 * Where the person should be after an undo or redo (C7): what was selected before the edit that is taken back, or the
 * place of the change where nobody remembers that.
 */
export function selectionAfter(event: ChangeEvent): OwnSelection {
  const remembered = (event as { readonly selection?: OwnSelection }).selection;
  if (remembered !== undefined) return remembered;
  const place = placeOfChange(event.delta) ?? 0;
  return { anchor: place, head: place };
}
