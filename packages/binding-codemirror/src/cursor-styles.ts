import { EditorView } from "@codemirror/view";

/** How remote cursors look; part of `tuttiCollab`. */
export const cursorStyles = EditorView.baseTheme({});
