import type { Line } from "@tutti/binding";
import type { Node } from "prosemirror-model";

/**
 * Position in ProseMirror = index in the text + number of the block + 1, because every block before has an opening
 * token that the text does not have (its closing token is the "\n").
 */

/** Length of the text in UTF-16 units, without a "\n" behind the last block. */
export function textLength(document: Node): number {
  return document.content.size - document.childCount - 1;
}

/** The ProseMirror position of an index in the text (UTF-16 units, from 0); behind the end: the end. */
export function positionOf(document: Node, index: number): number {
  const { block, start } = blockAt(document, index);
  const size = document.child(block).content.size;
  return Math.max(0, Math.min(index, start + size)) + block + 1;
}

/** The index in the text of a ProseMirror position. A position between two blocks belongs to the second one. */
export function indexOf(document: Node, position: number): number {
  return Math.min(unitAt(document, position), textLength(document));
}

/** As `indexOf`, but with a "\n" behind the last block as well. */
export function unitAt(document: Node, position: number): number {
  const $position = document.resolve(position);
  return position - $position.index(0) - ($position.depth === 0 ? 0 : 1);
}

/** The block (from 0) that an index lies in, and the index of that block's first unit. */
export function blockAt(document: Node, index: number): { readonly block: number; readonly start: number } {
  let start = 0;
  for (let block = 0; block < document.childCount - 1; block += 1) {
    const next = start + document.child(block).content.size + 1;
    if (index < next) return { block, start };
    start = next;
  }
  return { block: document.childCount - 1, start };
}

/** The text of the block that a ProseMirror position lies in, as a stretch of the whole text. */
export function lineAt(document: Node, position: number): Line {
  const { block, start } = blockAt(document, indexOf(document, position));
  const to = start + document.child(block).content.size;
  return { from: start, to, isFirst: block === 0, isLast: block === document.childCount - 1 };
}
