import type { Transaction } from "prosemirror-state";

const KEY = "tutti:separateUndo";

/** Makes a transaction an undo step of its own, not merged with the typing before it. */
export const separateUndo = (tr: Transaction): Transaction => tr.setMeta(KEY, true);

/** What `EditOptions.undo` should be for a transaction: pastes, drops, cuts and commands stand alone. */
export function undoStep(tr: Transaction): "separate" | undefined {
  const alone = ["paste", "drop", "cut"].includes(String(tr.getMeta("uiEvent")));
  return alone || tr.getMeta(KEY) === true ? "separate" : undefined;
}
