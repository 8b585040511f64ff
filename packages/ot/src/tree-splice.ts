import { type Attributes, equalJson } from "./attributes.js";
import { countNewlines } from "./lines.js";
import {
  type Branch,
  carryHash,
  isLeaf,
  LEAF_CAPACITY,
  LEAF_MERGE,
  type Leaf,
  mergeable,
  type Tree,
  textLeaf,
  withChild,
} from "./tree-node.js";
import { flatten, splitsSurrogatePair } from "./unicode.js";

/**
 * The short cut for what people do all day: removes `removed` units at `at` and puts `text` there, all within one leaf.
 * Copies that leaf and the branches above it; O(log n).
 *
 * @param text without lone surrogates; "" to remove only
 * @returns undefined where it is not that simple (several leaves, other attributes, no room, too little left, a torn
 *   surrogate pair, out of range): the caller goes the long way, which also finds the error
 */
export function spliceLeaf(
  tree: Tree,
  at: number,
  removed: number,
  text: string,
  attributes: Attributes | undefined,
): Tree | undefined {
  if (isLeaf(tree)) return splicedLeaf(tree, at, removed, text, attributes);
  const { lengths } = tree;
  let index = 0;
  let offset = at;
  for (; index < lengths.length - 1 && offset > (lengths[index] as number); index += 1) {
    offset -= lengths[index] as number;
  }
  // At a border: the end of the left child, or the start of the right one.
  const spliced = spliceChild(tree, index, offset, removed, text, attributes);
  if (spliced !== undefined || offset !== lengths[index] || index + 1 === lengths.length) return spliced;
  return spliceChild(tree, index + 1, 0, removed, text, attributes);
}

function spliceChild(
  tree: Branch,
  index: number,
  offset: number,
  removed: number,
  text: string,
  attributes: Attributes | undefined,
): Tree | undefined {
  const child = spliceLeaf(tree.children[index] as Tree, offset, removed, text, attributes);
  if (child === undefined || (removed > 0 && isLeaf(child) && !mayStay(child, tree, index))) return undefined;
  return withChild(tree, index, child);
}

/** Whether a leaf that became shorter is sure not to belong into one leaf with a neighbour. */
function mayStay(shorter: Leaf, parent: Branch, index: number): boolean {
  if (shorter.length > LEAF_MERGE) return true;
  const left = parent.children[index - 1];
  const right = parent.children[index + 1];
  if (left === undefined || right === undefined || !isLeaf(left) || !isLeaf(right)) return false;
  return !mergeable(left, shorter) && !mergeable(shorter, right);
}

function splicedLeaf(
  old: Leaf,
  at: number,
  removed: number,
  text: string,
  attributes: Attributes | undefined,
): Leaf | undefined {
  const { content } = old;
  const end = at + removed;
  const length = old.length - removed + text.length;
  if (typeof content !== "string" || end > content.length) return undefined;
  if (length > LEAF_CAPACITY || length === 0) return undefined;
  if (text !== "" && !equalJson(old.attributes, attributes)) return undefined;
  if (splitsSurrogatePair(content, at) || splitsSurrogatePair(content, end)) return undefined;
  const gone = removed === 0 ? 0 : countNewlines(content.slice(at, end));
  const spliced = flatten(content.slice(0, at) + text + content.slice(end));
  const leaf = textLeaf(spliced, old.attributes, old.newlines + countNewlines(text) - gone);
  carryHash(old, leaf, at, removed, text);
  return leaf;
}
