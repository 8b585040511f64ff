import { type ActiveFormats, activeFormats } from "@tutti/binding-prosemirror";
import { useMemo, useSyncExternalStore } from "react";
import type { RichEditorHandle } from "./create-rich-editor.js";

/**
 * The formats at the selection of an editor. The same object as long as they are the same: whatever React draws while
 * somebody types, it looks for the caret among all nodes of the text before.
 */
export function useFormats(editor: RichEditorHandle): ActiveFormats {
  const formats = useMemo(() => newestFormats(editor), [editor]);
  return useSyncExternalStore(editor.subscribe, formats);
}

function newestFormats(editor: RichEditorHandle): () => ActiveFormats {
  let known = activeFormats(editor.state());
  return () => {
    const now = activeFormats(editor.state());
    if (!areEqual(known, now)) known = now;
    return known;
  };
}

const areEqual = (a: ActiveFormats, b: ActiveFormats): boolean =>
  a.link === b.link &&
  JSON.stringify(a.block) === JSON.stringify(b.block) &&
  a.indent === b.indent &&
  a.marks.size === b.marks.size &&
  [...a.marks].every((mark) => b.marks.has(mark));
