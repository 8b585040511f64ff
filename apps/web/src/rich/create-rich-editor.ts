import { tuttiEditing, tuttiState } from "@tutti/binding-prosemirror";
import type { DocumentHandle } from "@tutti/client";
import { type EditorState, Plugin } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { reportRefused } from "../notices/report-refused.js";
import { keptSelection } from "./kept-selection.js";
import { linkKey } from "./link-key.js";
import { placeholder } from "./placeholder.js";
import { richMarks } from "./rich-marks.js";

/** A ProseMirror view that tells when its state changed. */
export interface RichEditorHandle {
  readonly view: EditorView;
  readonly state: () => EditorState;
  /** Calls back after every change of the state; the function returned ends that. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** A ProseMirror view inside `parent` that shows `document` and writes to it. The caller destroys the view. */
export function createRichEditor(parent: HTMLElement, document: DocumentHandle, onLink: () => void): RichEditorHandle {
  const listeners = new Set<() => void>();
  const tell = new Plugin({
    view: () => ({
      update: () => {
        for (const listener of listeners) listener();
      },
    }),
  });
  const plugins = [
    linkKey(onLink),
    ...tuttiEditing(),
    placeholder("Start writing…"),
    keptSelection(),
    richMarks(),
    tell,
  ];
  const view = new EditorView(parent, {
    state: tuttiState(document, plugins, { onError: reportRefused }),
    attributes: { class: "tutti-text", role: "textbox", "aria-multiline": "true", "aria-label": "Document text" },
  });
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return { view, state: () => view.state, subscribe };
}
