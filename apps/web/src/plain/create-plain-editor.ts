import { defaultKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { gotoLine, highlightSelectionMatches, selectNextOccurrence } from "@codemirror/search";
import type { Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  type KeyBinding,
  keymap,
  lineNumbers,
  placeholder,
} from "@codemirror/view";
import { tuttiState } from "@tutti/binding-codemirror";
import type { DocumentHandle } from "@tutti/client";
import { reportRefused } from "../notices/report-refused.js";
import { plainMarks } from "./plain-marks.js";
import { plainTheme } from "./plain-theme.js";

// Finding and replacing are the app's own: what is replaced becomes one operation of the document.
const SEARCH_KEYS: readonly KeyBinding[] = [
  { key: "Mod-d", run: selectNextOccurrence, preventDefault: true },
  { key: "Mod-Alt-g", run: gotoLine },
];

const extensions: Extension = [
  lineNumbers(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  drawSelection(),
  bracketMatching(),
  indentOnInput(),
  highlightSelectionMatches(),
  plainMarks,
  placeholder("Start writing…"),
  keymap.of([...SEARCH_KEYS, ...defaultKeymap, indentWithTab]),
  EditorView.lineWrapping,
  EditorView.contentAttributes.of({ "aria-label": "Document text" }),
  plainTheme,
];

/** A CodeMirror view inside `parent` that shows `document` and writes to it. The caller destroys it. */
export function createPlainEditor(parent: HTMLElement, document: DocumentHandle): EditorView {
  const state = tuttiState(document, extensions, { onError: reportRefused });
  return new EditorView({ state, parent });
}
