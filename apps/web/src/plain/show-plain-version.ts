import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { textOf } from "../conflict/differences.js";
import type { ShowVersion } from "../conflict/version-text.js";
import { plainMarks, setMarks } from "./plain-marks.js";
import { plainTheme } from "./plain-theme.js";

/** A plain text to be read. */
export const showPlainVersion: ShowVersion = (parent, { content, differences }) => {
  const extensions = [
    EditorState.lineSeparator.of("\n"),
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    EditorView.lineWrapping,
    plainMarks,
    plainTheme,
  ];
  const view = new EditorView({ parent, state: EditorState.create({ doc: textOf(content), extensions }) });
  view.dispatch({ effects: setMarks.of({ places: differences, current: -1, look: "tutti-difference" }) });
  return () => view.destroy();
};
