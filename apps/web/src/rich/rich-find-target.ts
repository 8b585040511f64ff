import { indexOf, positionOf } from "@tutti/binding-prosemirror";
import { TextSelection } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import type { FindTarget } from "../find/find-target.js";
import { markPlaces } from "./rich-marks.js";

/** Finding in a ProseMirror view that has `richMarks`. */
export function richFindTarget(view: EditorView): FindTarget {
  return {
    mark: (places, current) => {
      if (view.isDestroyed) return;
      view.dispatch(markPlaces(view.state.tr, { places, current, look: "tutti-found" }));
    },
    // ProseMirror scrolls to the selection only while it has the focus, which is in the field now.
    reveal: () => view.dom.querySelector(".tutti-found-current")?.scrollIntoView({ block: "center" }),
    scrollTo: (index) => {
      const { top, bottom } = view.coordsAtPos(positionOf(view.state.doc, index));
      window.scrollBy({ top: (top + bottom - window.innerHeight) / 2 });
    },
    enter: (place) => {
      view.focus();
      if (place === undefined) return;
      const { doc, tr } = view.state;
      const [from, to] = [positionOf(doc, place.index), positionOf(doc, place.index + place.length)];
      view.dispatch(tr.setSelection(TextSelection.create(doc, from, to)).scrollIntoView());
    },
    caret: () => indexOf(view.state.doc, view.state.selection.from),
    selectedText: () => {
      const { from, to } = view.state.selection;
      return view.state.doc.textBetween(from, to, "\n", "\uFFFC");
    },
  };
}
