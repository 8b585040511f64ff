import type Quill from "quill";

/** What undo and redo do instead of Quill's own history. */
export type Step = (direction: "undo" | "redo") => void;

/**
 * Puts the undo of the document in the place of Quill's (C7): its keys, the browser's menu, toolbar buttons and
 * `quill.history.undo()` then take back my own edits only. @returns what brings Quill's own back
 */
export function replaceHistory(quill: Quill, step: Step): () => void {
  const { history } = quill;
  history.clear();
  const own = {
    change: (source: "undo" | "redo") => step(source),
    record: () => undefined,
    transform: () => undefined,
  };
  Object.assign(history, own);
  // Quill has this one on Windows only.
  quill.keyboard.addBinding({ key: "y", shortKey: true }, () => step("redo"));
  return () => {
    for (const name of Object.keys(own)) Reflect.deleteProperty(history, name);
    history.clear();
  };
}
