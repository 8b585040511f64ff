import { type Attributes, composeAttributes, equalJson } from "./attributes.js";
import type { Embed } from "./operation.js";
import {
  type Branch,
  branch,
  FEWEST_CHILDREN,
  isLeaf,
  LEAF_CAPACITY,
  LEAF_FILL,
  type Leaf,
  leaf,
  type MaybeTree,
  MOST_CHILDREN,
  mergeable,
  type Tree,
  textLeaf,
  withChild,
} from "./tree-node.js";
import { flatCopy, flatten, splitsSurrogatePair } from "./unicode.js";

/**
 * Building, joining and cutting trees of runs: a B-tree (Bayer & McCreight 1972) with the join of ropes (Boehm, Atkinson
 * & Plass 1995). Split and join cost O(log n) and share all untouched nodes with the old tree. `tree-splice` is the
 * short cut for an edit within one leaf.
 */

/** The leaves of any amount of content. Surrogate pairs stay within one leaf; long text is copied. */
export function leavesOf(content: string | Embed, attributes: Attributes | undefined): readonly Leaf[] {
  if (typeof content !== "string") return [leaf(content, attributes)];
  if (content.length <= LEAF_CAPACITY) return content === "" ? [] : [leaf(content, attributes)];
  const count = Math.ceil(content.length / LEAF_FILL);
  const cut: Leaf[] = [];
  let from = 0;
  for (let piece = 1; piece <= count; piece += 1) {
    const wish = Math.floor((content.length * piece) / count);
    const to = splitsSurrogatePair(content, wish) ? wish - 1 : wish;
    cut.push(leaf(flatCopy(content, from, to), attributes));
    from = to;
  }
  return cut;
}

/** A tree of leaves that are in order and merged where they can be; undefined for none. O(leaves). */
export const treeOfLeaves = (runs: readonly Leaf[]): MaybeTree => treeOfLevel(runs);

/** A tree of nodes of one height, in order; undefined for none. O(nodes). */
export function treeOfLevel(nodes: readonly Tree[]): MaybeTree {
  let level = nodes;
  while (level.length > 1) level = parentsOf(level);
  return level[0];
}

/** A tree of any amount of content; undefined for none. */
export const treeOf = (content: string | Embed, attributes: Attributes | undefined): MaybeTree =>
  treeOfLeaves(leavesOf(content, attributes));

/** All of `left`, then all of `right`. */
export function join(left: MaybeTree, right: MaybeTree): MaybeTree {
  if (left === undefined || right === undefined) return left ?? right;
  const first = outermostLeaf(right, "first");
  const merged = mergeLeaves(outermostLeaf(left, "last"), first);
  if (merged === undefined) return balance(left, right);
  const start = replaceLastLeaf(left, merged);
  const rest = split(right, first.length)[1];
  return rest === undefined ? start : balance(start, rest);
}

/** The first `index` units, and the rest. The caller rules out surrogate splits. */
export function split(tree: MaybeTree, index: number): readonly [MaybeTree, MaybeTree] {
  if (tree === undefined || index <= 0) return [undefined, tree];
  if (index >= tree.length) return [tree, undefined];
  if (isLeaf(tree)) return splitLeaf(tree, index);
  let at = 0;
  let offset = index;
  for (; offset > (tree.lengths[at] as number); at += 1) offset -= tree.lengths[at] as number;
  const [before, after] = split(tree.children[at], offset);
  return [
    attach(treeOfSiblings(tree.children.slice(0, at)), before),
    attach(after, treeOfSiblings(tree.children.slice(at + 1))),
  ];
}

/** The tree with `attributes` laid over every run (null values remove). */
export function format(tree: MaybeTree, attributes: Attributes): MaybeTree {
  if (tree === undefined) return undefined;
  if (isLeaf(tree)) {
    const composed = composeAttributes(tree.attributes, attributes, false);
    if (equalJson(composed, tree.attributes)) return tree;
    return typeof tree.content === "string"
      ? textLeaf(tree.content, composed, tree.newlines)
      : leaf(tree.content, composed);
  }
  const children = tree.children.map((child) => format(child, attributes));
  return children.every((child, at) => child === tree.children[at]) ? tree : children.reduce(join);
}

/** The tree with content put in at `index`. */
export function insertAt(
  tree: MaybeTree,
  index: number,
  content: string | Embed,
  attributes: Attributes | undefined,
): MaybeTree {
  const [before, after] = split(tree, index);
  return join(join(before, treeOf(content, attributes)), after);
}

/** The tree without the units [from, to). */
export function removeRange(tree: MaybeTree, from: number, to: number): MaybeTree {
  return join(split(tree, from)[0], split(tree, to)[1]);
}

/** The tree with `attributes` laid over the units [from, to). */
export function formatRange(tree: MaybeTree, from: number, to: number, attributes: Attributes): MaybeTree {
  const [rest, after] = split(tree, to);
  const [before, covered] = split(rest, from);
  const formatted = format(covered, attributes);
  return formatted === covered ? tree : join(join(before, formatted), after);
}

/** A leaf that a cut left over may have become short enough to merge; whole trees keep their leaves. */
function attach(left: MaybeTree, right: MaybeTree): MaybeTree {
  if (left === undefined || right === undefined) return left ?? right;
  return isLeaf(left) || isLeaf(right) ? join(left, right) : balance(left, right);
}

/** @param index within the leaf, which so is text: an embed is one unit long */
function splitLeaf(whole: Leaf, index: number): readonly [Leaf, Leaf] {
  const { attributes } = whole;
  const content = whole.content as string;
  return [leaf(flatCopy(content, 0, index), attributes), leaf(flatCopy(content, index, content.length), attributes)];
}

function mergeLeaves(left: Leaf, right: Leaf): Leaf | undefined {
  if (!mergeable(left, right)) return undefined;
  const text = flatten(`${left.content as string}${right.content as string}`);
  return textLeaf(text, left.attributes, left.newlines + right.newlines);
}

/** Neighbours of one height as one tree: none, the only one, or a branch (as a root it may be small). */
function treeOfSiblings(siblings: readonly Tree[]): MaybeTree {
  return siblings.length > 1 ? branch(siblings) : siblings[0];
}

/** Branches over a level of two nodes or more, evenly filled, with room for more. */
function parentsOf(level: readonly Tree[]): readonly Branch[] {
  const wanted = (MOST_CHILDREN * 3) / 4;
  const count = level.length <= MOST_CHILDREN ? 1 : Math.ceil(level.length / wanted);
  return Array.from({ length: count }, (_, at) =>
    branch(level.slice(Math.floor((level.length * at) / count), Math.floor((level.length * (at + 1)) / count))),
  );
}

/**
 * Joins two trees of any heights into a balanced one; O(difference of the heights). The lower one becomes a child where
 * it has enough children itself, else its children move in with its neighbours.
 */
function balance(left: Tree, right: Tree): Branch {
  if (isLeaf(left) && isLeaf(right)) return branch([left, right]);
  if (left.height === right.height) return pack([...childrenOf(left), ...childrenOf(right)]);
  if (left.height > right.height) {
    const siblings = childrenOf(left);
    const inner = inward(siblings.at(-1) as Tree, right, left.height);
    return pack([...siblings.slice(0, -1), ...inner]);
  }
  const siblings = childrenOf(right);
  const inner = inward(left, siblings[0] as Tree, right.height);
  return pack([...inner, ...siblings.slice(1)]);
}

/** Two neighbours as children of a branch of `height`: one or two nodes of the height below. */
function inward(left: Tree, right: Tree, height: number): readonly Tree[] {
  if (left.height === right.height && isFull(left) && isFull(right)) return [left, right];
  const joined = balance(left, right);
  return joined.height === height ? joined.children : [joined];
}

/** Of a tree that is no leaf, as the caller knows. */
const childrenOf = (tree: Tree): readonly Tree[] => (tree as Branch).children;

const isFull = (tree: Tree): boolean => isLeaf(tree) || tree.children.length >= FEWEST_CHILDREN;

/** One branch of all of them, or a branch of two. */
function pack(children: readonly Tree[]): Branch {
  if (children.length <= MOST_CHILDREN) return branch(children);
  const half = children.length >>> 1;
  return branch([branch(children.slice(0, half)), branch(children.slice(half))]);
}

function outermostLeaf(tree: Tree, side: "first" | "last"): Leaf {
  let node = tree;
  while (!isLeaf(node)) node = node.children.at(side === "first" ? 0 : -1) as Tree;
  return node;
}

function replaceLastLeaf(tree: Tree, last: Leaf): Tree {
  if (isLeaf(tree)) return last;
  const at = tree.children.length - 1;
  return withChild(tree, at, replaceLastLeaf(tree.children[at] as Tree, last));
}
