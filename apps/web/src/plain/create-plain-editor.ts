import { defaultKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import type { Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
} from "@codemirror/view";
import { tuttiState } from "@tutti/binding-codemirror";
import type { DocumentHandle } from "@tutti/client";
import { reportRefused } from "../notices/report-refused.js";
import { plainTheme } from "./plain-theme.js";

const extensions: Extension = [
  lineNumbers(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  drawSelection(),
  bracketMatching(),
  indentOnInput(),
  highlightSelectionMatches(),
  search({ top: true }),
  placeholder("Start writing…"),
  keymap.of([...searchKeymap, ...defaultKeymap, indentWithTab]),
  EditorView.lineWrapping,
  EditorView.contentAttributes.of({ "aria-label": "Document text" }),
  plainTheme,
];

/** A CodeMirror view inside `parent` that shows `document` and writes to it. The caller destroys it. */
export function createPlainEditor(parent: HTMLElement, document: DocumentHandle): EditorView {
  const state = tuttiState(document, extensions, { onError: reportRefused });
  return new EditorView({ state, parent });
}
