import { type ActiveFormats, activeFormats } from "@tutti/binding-prosemirror";
import { useMemo, useSyncExternalStore } from "react";
import type { RichEditorHandle } from "./create-rich-editor.js";

/** The formats at the selection of an editor. */
export function useFormats(editor: RichEditorHandle): ActiveFormats {
  const state = useSyncExternalStore(editor.subscribe, editor.state);
  return useMemo(() => activeFormats(state), [state]);
}
