import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";

const key = new PluginKey<boolean>("keptSelection");

/** Keeps showing what is selected while the focus is elsewhere, in the field for the address of a link, say. */
export function keptSelection(): Plugin {
  return new Plugin<boolean>({
    key,
    state: {
      init: () => false,
      apply: (tr, away) => (tr.getMeta(key) as boolean | undefined) ?? away,
    },
    props: {
      decorations: (state) => {
        const { from, to, empty } = state.selection;
        if (empty || key.getState(state) !== true) return DecorationSet.empty;
        return DecorationSet.create(state.doc, [Decoration.inline(from, to, { class: "tutti-kept-selection" })]);
      },
      handleDOMEvents: { blur: (view) => setAway(view, true), focus: (view) => setAway(view, false) },
    },
  });
}

function setAway(view: EditorView, away: boolean): false {
  if (key.getState(view.state) !== away) view.dispatch(view.state.tr.setMeta(key, away));
  return false;
}
