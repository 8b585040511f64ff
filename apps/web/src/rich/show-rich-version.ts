import { documentFromDelta } from "@tutti/binding-prosemirror";
import { EditorState } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import type { ShowVersion } from "../conflict/version-text.js";
import "./rich-text.css";
import { richMarks } from "./rich-marks.js";

/** A rich text to be read. */
export const showRichVersion: ShowVersion = (parent, { content, differences }) => {
  const marks = richMarks({ places: differences, current: -1, look: "tutti-difference" });
  const view = new EditorView(parent, {
    state: EditorState.create({ doc: documentFromDelta(content), plugins: [marks] }),
    editable: () => false,
    attributes: { class: "tutti-text" },
  });
  return () => view.destroy();
};
