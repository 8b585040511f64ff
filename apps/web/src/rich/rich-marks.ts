import type { Node } from "prosemirror-model";
import { Plugin, PluginKey, type Transaction } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import type { Place } from "../find/find-target.js";

export interface RichMarking {
  readonly places: readonly Place[];
  /** Which of them is marked more than the others; -1: none. */
  readonly current: number;
  /** Class of the marks; that of the current one gets "-current" behind it. */
  readonly look: string;
}

const key = new PluginKey<DecorationSet>("marks");
/** More are not drawn at once: each is an element of the page. Those around the current one are. */
const MOST_DRAWN = 2000;

/** A transaction that marks places instead of those before. */
export function markPlaces(tr: Transaction, marking: RichMarking): Transaction {
  return tr.setMeta(key, marking);
}

/** Marked places of a ProseMirror text; they move with it. */
export function richMarks(initial?: RichMarking): Plugin {
  return new Plugin<DecorationSet>({
    key,
    state: {
      init: (_config, { doc }) => (initial === undefined ? DecorationSet.empty : decorationsOf(doc, initial)),
      apply: (tr, shown) => {
        const marking = tr.getMeta(key) as RichMarking | undefined;
        return marking === undefined ? shown.map(tr.mapping, tr.doc) : decorationsOf(tr.doc, marking);
      },
    },
    props: { decorations: (state) => key.getState(state) },
  });
}

function decorationsOf(doc: Node, { places, current, look }: RichMarking): DecorationSet {
  const first = Math.max(0, Math.min(current - MOST_DRAWN / 2, places.length - MOST_DRAWN));
  const at = positionsInOrder(doc);
  const drawn = places.slice(first, first + MOST_DRAWN).map(({ index, length }, number) => {
    const name = first + number === current ? `${look} ${look}-current` : look;
    return Decoration.inline(at(index), at(index + length), { class: name });
  });
  return DecorationSet.create(doc, drawn);
}

/** As `positionOf` of the binding, for indices that only grow: one walk over the blocks for all of them. */
function positionsInOrder(doc: Node): (index: number) => number {
  let block = 0;
  let start = 0;
  return (index) => {
    for (;;) {
      const size = doc.child(block).content.size;
      if (index <= start + size || block === doc.childCount - 1) return Math.min(index, start + size) + block + 1;
      start += size + 1;
      block += 1;
    }
  };
}
