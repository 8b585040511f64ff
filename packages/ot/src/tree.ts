import { type Attributes, composeAttributes, equalJson } from "./attributes.js";
import { type ContentHash, hashEmbed, hashText, joinHashes } from "./checksum.js";
import { contentLength, type Embed } from "./operation.js";
import { splitsSurrogatePair } from "./unicode.js";

/**
 * A persistent (immutable) AVL tree of runs. Leaves hold text with one set of attributes, or an embed; every node keeps
 * length and content hash. Split and join cost O(log n) and share all untouched nodes with the old tree
 * (Blelloch, Ferizovic & Sun, "Just Join for Parallel Ordered Sets", 2016).
 */
export type Tree = Leaf | Branch;
export type MaybeTree = Tree | undefined;

export interface Leaf {
  readonly height: 0;
  readonly length: number;
  readonly hash: ContentHash;
  readonly content: string | Embed;
  readonly attributes: Attributes | undefined;
}
export interface Branch {
  readonly height: number;
  readonly length: number;
  readonly hash: ContentHash;
  readonly left: Tree;
  readonly right: Tree;
}

/**
 * Longest text of a leaf, in units: long enough to keep the tree small, short enough to rehash at every keystroke.
 * Two neighbours with the same attributes are always longer than this together, or they would be one leaf.
 */
const LEAF_CAPACITY = 256;

export const isLeaf = (tree: Tree): tree is Leaf => tree.height === 0;

export function leaf(content: string | Embed, attributes: Attributes | undefined): Leaf {
  const hash = typeof content === "string" ? hashText(content, attributes) : hashEmbed(content, attributes);
  return { height: 0, length: contentLength(content), hash, content, attributes };
}

/** A tree of any amount of text; undefined for none. Surrogate pairs stay within one leaf. */
export function treeOf(content: string | Embed, attributes: Attributes | undefined): MaybeTree {
  if (typeof content !== "string" || content.length <= LEAF_CAPACITY) {
    return content === "" ? undefined : leaf(content, attributes);
  }
  const half = Math.ceil(content.length / 2 / LEAF_CAPACITY) * LEAF_CAPACITY;
  const middle = splitsSurrogatePair(content, half) ? half - 1 : half;
  return join(treeOf(content.slice(0, middle), attributes), treeOf(content.slice(middle), attributes));
}

/** All of `left`, then all of `right`. */
export function join(left: MaybeTree, right: MaybeTree): MaybeTree {
  if (left === undefined) return right;
  if (right === undefined) return left;
  const first = firstLeaf(right);
  const merged = mergeLeaves(lastLeaf(left), first);
  if (merged === undefined) return balance(left, right);
  const rest = dropFirstLeaf(right);
  const grown = replaceLastLeaf(left, merged);
  return rest === undefined ? grown : balance(grown, rest);
}

/** The first `index` units, and the rest. `0 <= index <= tree.length`; the caller rules out surrogate splits. */
export function split(tree: MaybeTree, index: number): readonly [MaybeTree, MaybeTree] {
  if (tree === undefined || index <= 0) return [undefined, tree];
  if (index >= tree.length) return [tree, undefined];
  if (isLeaf(tree)) return splitLeaf(tree, index);
  const inLeft = index - tree.left.length;
  if (inLeft === 0) return [tree.left, tree.right];
  if (inLeft < 0) {
    const [before, after] = split(tree.left, index);
    return [before, attach(after, tree.right)];
  }
  const [before, after] = split(tree.right, inLeft);
  return [attach(tree.left, before), after];
}

/** A leaf that a cut left over may have become short enough to merge; whole trees keep their leaves. */
function attach(left: MaybeTree, right: MaybeTree): MaybeTree {
  if (left === undefined || right === undefined) return left ?? right;
  return isLeaf(left) || isLeaf(right) ? join(left, right) : balance(left, right);
}

/** The tree with `attributes` laid over every run (null values remove). */
export function format(tree: MaybeTree, attributes: Attributes): MaybeTree {
  if (tree === undefined) return undefined;
  if (isLeaf(tree)) {
    const composed = composeAttributes(tree.attributes, attributes, false);
    return equalJson(composed, tree.attributes) ? tree : leaf(tree.content, composed);
  }
  const left = format(tree.left, attributes);
  const right = format(tree.right, attributes);
  return left === tree.left && right === tree.right ? tree : join(left, right);
}

/** The leaves from left to right. */
export function* leaves(tree: MaybeTree): Generator<Leaf, void, undefined> {
  const stack: Tree[] = tree === undefined ? [] : [tree];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (isLeaf(node)) yield node;
    else stack.push(node.right, node.left);
  }
}

/** The leaf that covers the unit at `index`, and where in it that unit is. */
export function leafAt(tree: Tree, index: number): { readonly leaf: Leaf; readonly offset: number } {
  let node = tree;
  let offset = index;
  while (!isLeaf(node)) {
    if (offset < node.left.length) {
      node = node.left;
    } else {
      offset -= node.left.length;
      node = node.right;
    }
  }
  return { leaf: node, offset };
}

function splitLeaf(whole: Leaf, index: number): readonly [MaybeTree, MaybeTree] {
  if (typeof whole.content !== "string") return [undefined, whole];
  return [leaf(whole.content.slice(0, index), whole.attributes), leaf(whole.content.slice(index), whole.attributes)];
}

function mergeLeaves(left: Leaf, right: Leaf): Leaf | undefined {
  if (typeof left.content !== "string" || typeof right.content !== "string") return undefined;
  if (left.length + right.length > LEAF_CAPACITY || !equalJson(left.attributes, right.attributes)) return undefined;
  return {
    height: 0,
    length: left.length + right.length,
    hash: joinHashes(left.hash, right.hash),
    content: left.content + right.content,
    attributes: left.attributes,
  };
}

function branch(left: Tree, right: Tree): Branch {
  return {
    height: Math.max(left.height, right.height) + 1,
    length: left.length + right.length,
    hash: joinHashes(left.hash, right.hash),
    left,
    right,
  };
}

function balanceMaybe(left: MaybeTree, right: MaybeTree): MaybeTree {
  if (left === undefined) return right;
  return right === undefined ? left : balance(left, right);
}

/** Joins two trees of any heights into a balanced one; O(difference of the heights). */
function balance(left: Tree, right: Tree): Tree {
  if (left.height > right.height + 1 && !isLeaf(left)) return rotate(left.left, balance(left.right, right));
  if (right.height > left.height + 1 && !isLeaf(right)) return rotate(balance(left, right.left), right.right);
  return branch(left, right);
}

/** A branch of two trees whose heights differ by at most two. */
function rotate(left: Tree, right: Tree): Tree {
  if (left.height > right.height + 1 && !isLeaf(left)) {
    const { left: outer, right: inner } = left;
    if (outer.height >= inner.height || isLeaf(inner)) return branch(outer, branch(inner, right));
    return branch(branch(outer, inner.left), branch(inner.right, right));
  }
  if (right.height > left.height + 1 && !isLeaf(right)) {
    const { left: inner, right: outer } = right;
    if (outer.height >= inner.height || isLeaf(inner)) return branch(branch(left, inner), outer);
    return branch(branch(left, inner.left), branch(inner.right, outer));
  }
  return branch(left, right);
}

function firstLeaf(tree: Tree): Leaf {
  let node = tree;
  while (!isLeaf(node)) node = node.left;
  return node;
}

function lastLeaf(tree: Tree): Leaf {
  let node = tree;
  while (!isLeaf(node)) node = node.right;
  return node;
}

function dropFirstLeaf(tree: Tree): MaybeTree {
  return isLeaf(tree) ? undefined : balanceMaybe(dropFirstLeaf(tree.left), tree.right);
}

function replaceLastLeaf(tree: Tree, last: Leaf): Tree {
  return isLeaf(tree) ? last : branch(tree.left, replaceLastLeaf(tree.right, last));
}
