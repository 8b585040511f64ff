import {
  CursorLayer,
  type MeasuredCursor,
  moveCursors,
  placeCursors,
  type RemoteCursor,
  selectionBoxes,
} from "@tutti/binding";
import type { PresenceHandle } from "@tutti/client";
import { type Operation, transformPosition } from "@tutti/ot";
import type Quill from "quill";

/** What the cursors need to know of the text. */
interface TextPort {
  /** What Quill does not show yet. */
  readonly held: Operation;
  /** Of the text that Quill shows, without its final "\n". */
  readonly length: number;
}

/** Shows where the others are, and tells them where I am (P2, P4). */
export class RemoteCursors {
  readonly #quill: Quill;
  readonly #presence: PresenceHandle;
  readonly #layer: CursorLayer;
  #text: TextPort = { held: [], length: 0 };
  #cancel: () => void = () => undefined;
  #cursors: readonly RemoteCursor[] = [];
  #scheduled = false;
  #moving = false;

  constructor(quill: Quill, presence: PresenceHandle) {
    this.#quill = quill;
    this.#presence = presence;
    this.#layer = new CursorLayer({
      parent: quill.container,
      text: quill.root,
      measure: () => this.#cursors.map((cursor) => measure(quill, cursor)),
    });
  }

  start(text: TextPort): void {
    this.#text = text;
    this.#cancel = this.#presence.on("change", () => this.#refreshSoon());
    this.#quill.on("editor-change", this.#tellOwn);
    this.#refreshSoon();
  }

  /** The text that Quill shows has changed. */
  textChanged(delta: Operation, by: "me" | "others"): void {
    this.#cursors = moveCursors(this.#cursors, delta, by);
    // Quill adjusts the selection to what the others did; that is no move of mine.
    this.#moving = by === "others";
    this.#layer.refresh();
    queueMicrotask(() => {
      this.#moving = false;
    });
  }

  destroy(): void {
    this.#cancel();
    this.#quill.off("editor-change", this.#tellOwn);
    this.#presence.setCursor(null);
    this.#layer.destroy();
  }

  /** In a microtask: by then the document, its cursors and Quill agree again. */
  #refreshSoon(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#cursors = placeCursors(this.#presence.others, this.#cursors, this.#text.held);
      this.#layer.refresh();
    });
  }

  readonly #tellOwn = (name: string, range: unknown): void => {
    if (name !== "selection-change" || range === null || this.#moving) return;
    const { index, length } = range as { readonly index: number; readonly length: number };
    const { held, length: end } = this.#text;
    const place = (at: number): number => transformPosition(held, Math.min(at, end), "left");
    this.#presence.setCursor({ anchor: place(index), head: place(index + length) });
  };
}

function measure(quill: Quill, cursor: RemoteCursor): MeasuredCursor {
  const last = quill.getLength() - 1;
  const [anchor, head] = [Math.min(cursor.anchor, last), Math.min(cursor.head, last)];
  const home = quill.container.getBoundingClientRect();
  const bounds = quill.getBounds(head);
  const caret =
    bounds === null
      ? undefined
      : { left: bounds.left + home.left, top: bounds.top + home.top, width: 0, height: bounds.height };
  return {
    cursor,
    caret,
    selection: anchor === head ? [] : boxesOf(quill, Math.min(anchor, head), Math.max(anchor, head)),
  };
}

/** The rectangles of a stretch of text, line by line, in the coordinates of the window. */
function boxesOf(quill: Quill, from: number, to: number): readonly DOMRect[] {
  const [start, end] = [pointAt(quill, from), pointAt(quill, to)];
  if (start === undefined || end === undefined) return [];
  const range = quill.root.ownerDocument.createRange();
  range.setStart(...start);
  range.setEnd(...end);
  return selectionBoxes(range);
}

function pointAt(quill: Quill, index: number): [Node, number] | undefined {
  const [leaf, offset] = quill.getLeaf(index);
  return leaf === null ? undefined : leaf.position(offset, true);
}
