import { Plugin } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { flipCheck, setAttributes } from "./block-commands.js";
import { attributesOf } from "./schema.js";
import { separateUndo } from "./undo-step.js";

/** A click on the box in front of an item of a check list ticks it. `style.css` draws the box into the padding. */
export function checkBoxes(): Plugin {
  return new Plugin({
    props: {
      handleDOMEvents: {
        mousedown: (view, event) => {
          const item = event.target;
          if (!view.editable || !(item instanceof HTMLElement) || !isOnBox(item, event.clientX)) return false;
          event.preventDefault();
          tick(view, item);
          return true;
        },
      },
    },
  });
}

function isOnBox(item: HTMLElement, x: number): boolean {
  if (!item.matches('[data-list="checked"], [data-list="unchecked"]')) return false;
  const { left, right } = item.getBoundingClientRect();
  const { direction, paddingLeft, paddingRight } = getComputedStyle(item);
  return direction === "rtl" ? x > right - Number.parseFloat(paddingRight) : x < left + Number.parseFloat(paddingLeft);
}

function tick(view: EditorView, item: HTMLElement): void {
  const $item = view.state.doc.resolve(view.posAtDOM(item, 0));
  const attributes = flipCheck(attributesOf($item.parent));
  view.dispatch(separateUndo(setAttributes(view.state.tr, $item.before(), attributes)));
}
