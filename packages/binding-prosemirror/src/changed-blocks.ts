import type { Node } from "prosemirror-model";

/** Blocks [first, endBefore) of one document became blocks [first, endAfter) of another. */
export interface ChangedBlocks {
  readonly first: number;
  readonly endBefore: number;
  readonly endAfter: number;
}

/**
 * What differs between two documents, in whole blocks. ProseMirror shares untouched nodes between versions, so
 * comparing identities finds nearly everything that is equal, at the price of a pointer each.
 *
 * @param same when two blocks count as equal; by default when they are one object
 */
export function changedBlocks(
  before: Node,
  after: Node,
  same: (a: Node, b: Node) => boolean = (a, b) => a === b,
): ChangedBlocks {
  const shorter = Math.min(before.childCount, after.childCount);
  let first = 0;
  while (first < shorter && same(before.child(first), after.child(first))) first += 1;
  let endBefore = before.childCount;
  let endAfter = after.childCount;
  while (Math.min(endBefore, endAfter) > first && same(before.child(endBefore - 1), after.child(endAfter - 1))) {
    endBefore -= 1;
    endAfter -= 1;
  }
  return { first, endBefore, endAfter };
}

/** Index of the first unit of a block in the text (UTF-16 units). */
export function blockStart(document: Node, block: number): number {
  let start = 0;
  for (let index = 0; index < block; index += 1) start += document.child(index).content.size + 1;
  return start;
}
