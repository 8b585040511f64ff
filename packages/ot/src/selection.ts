import type { Operation } from "./operation.js";
import { transformPosition } from "./position.js";

/** What somebody selected, in UTF-16 units from 0: from `anchor` to `head`, in either direction; a caret where both are equal. */
export interface Selection {
  readonly anchor: number;
  readonly head: number;
}

/** The same selection after somebody else's operation: its ends stay in front of what is inserted at them. */
export const moveSelection = ({ anchor, head }: Selection, operation: Operation): Selection => ({
  anchor: transformPosition(operation, anchor, "left"),
  head: transformPosition(operation, head, "left"),
});
