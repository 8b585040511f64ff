import { EditorView } from "@codemirror/view";
import type { FindTarget } from "../find/find-target.js";
import { setMarks } from "./plain-marks.js";

/** Finding in a CodeMirror view that has `plainMarks`. */
export function plainFindTarget(view: EditorView): FindTarget {
  return {
    mark: (places, current) => view.dispatch({ effects: setMarks.of({ places, current, look: "tutti-found" }) }),
    reveal: ({ index }) => view.dispatch({ effects: EditorView.scrollIntoView(index, { y: "center" }) }),
    scrollTo: (index) => {
      const known = Math.min(index, view.state.doc.length);
      view.dispatch({ effects: EditorView.scrollIntoView(known, { y: "center" }) });
    },
    enter: (place) => {
      view.focus();
      if (place === undefined || place.index + place.length > view.state.doc.length) return;
      view.dispatch({ selection: { anchor: place.index, head: place.index + place.length }, scrollIntoView: true });
    },
    caret: () => view.state.selection.main.from,
    selectedText: () => view.state.sliceDoc(view.state.selection.main.from, view.state.selection.main.to),
  };
}
