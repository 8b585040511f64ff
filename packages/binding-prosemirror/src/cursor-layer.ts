import { CursorLayer, type MeasuredCursor, type RemoteCursor, selectionBoxes } from "@tutti/binding";
import { Plugin, PluginKey, type PluginView } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { cursorKey } from "./cursors.js";
import { positionOf } from "./positions.js";

export const cursorLayerKey = new PluginKey("tuttiCursorLayer");

/** Draws the others' carets and selections beside the text (P4). */
export function cursorLayer(): Plugin {
  return new Plugin({ key: cursorLayerKey, view: (view) => new CursorLayerView(view) });
}

class CursorLayerView implements PluginView {
  readonly #layer: CursorLayer | undefined;

  constructor(view: EditorView) {
    const parent = view.dom.parentElement;
    // An editor that is not in a page has no place to draw to.
    if (parent === null) return;
    const cursors = (): readonly RemoteCursor[] => cursorKey.getState(view.state)?.cursors ?? [];
    const measured = (): readonly MeasuredCursor[] => cursors().map((cursor) => measure(view, cursor));
    this.#layer = new CursorLayer({ parent, text: view.dom, measure: measured });
  }

  update(): void {
    this.#layer?.refresh();
  }

  destroy(): void {
    this.#layer?.destroy();
  }
}

function measure(view: EditorView, cursor: RemoteCursor): MeasuredCursor {
  const anchor = positionOf(view.state.doc, cursor.anchor);
  const head = positionOf(view.state.doc, cursor.head);
  const { left, top, bottom } = view.coordsAtPos(head);
  const caret = { left, top, width: 0, height: bottom - top };
  const selection = anchor === head ? [] : boxesOf(view, Math.min(anchor, head), Math.max(anchor, head));
  return { cursor, caret, selection };
}

/** The rectangles of a stretch of text, line by line, in the coordinates of the window. */
function boxesOf(view: EditorView, from: number, to: number): readonly DOMRect[] {
  const [start, end] = [view.domAtPos(from), view.domAtPos(to)];
  const range = view.dom.ownerDocument.createRange();
  range.setStart(start.node, start.offset);
  range.setEnd(end.node, end.offset);
  return selectionBoxes(range);
}
