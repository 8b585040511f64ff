import { type Extension, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";
import type { Place } from "../find/find-target.js";

export interface Marking {
  readonly places: readonly Place[];
  /** Which of them is marked more than the others; -1: none. */
  readonly current: number;
  /** Of the marks; that of the current one gets "-current" behind it. */
  readonly look: string;
}

/** Marks places instead of those before. */
export const setMarks = StateEffect.define<Marking>();

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (shown, tr) =>
    tr.effects.reduce(
      (now, effect) => (effect.is(setMarks) ? decorationsOf(effect.value, tr.newDoc.length) : now),
      shown.map(tr.changes),
    ),
  provide: (field) => EditorView.decorations.from(field),
});

/** Marked places of a CodeMirror text; they move with it. */
export const plainMarks: Extension = marks;

/** @param length of the text, which the places may be ahead of for a moment */
function decorationsOf({ places, current, look }: Marking, length: number): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const ordinary = Decoration.mark({ class: look });
  const highlighted = Decoration.mark({ class: `${look} ${look}-current` });
  places.forEach(({ index, length: extent }, number) => {
    const to = Math.min(index + extent, length);
    if (index < to) builder.add(index, to, number === current ? highlighted : ordinary);
  });
  return builder.finish();
}
