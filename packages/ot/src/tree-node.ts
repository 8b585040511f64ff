import { type Attributes, equalJson } from "./attributes.js";
import {
  type Checksum,
  EMPTY_CHECKSUM,
  hashEmbed,
  hashSplice,
  hashText,
  joinLaneA,
  joinLaneB,
  laneA,
  laneB,
  packLanes,
} from "./checksum.js";
import { countNewlines } from "./lines.js";
import type { Embed } from "./operation.js";

/**
 * Nodes of a persistent (immutable) B-tree of runs. A leaf holds text with one set of attributes, or an embed; a branch
 * holds leaves or branches, all of one height. Every node keeps length, line breaks and, once asked for, its hash.
 */
export type Tree = Leaf | Branch;
export type MaybeTree = Tree | undefined;

/** Lanes of the hash; -1 until somebody asks. The one thing in a node that is ever written again. */
interface Hashed {
  laneA: number;
  laneB: number;
}
export interface Leaf extends Hashed {
  readonly height: 0;
  readonly length: number;
  /** "\n" in the text. */
  readonly newlines: number;
  readonly content: string | Embed;
  readonly attributes: Attributes | undefined;
}
export interface Branch extends Hashed {
  readonly height: number;
  readonly length: number;
  readonly newlines: number;
  readonly children: readonly Tree[];
  /** Lengths of the children: a descent that reads them here need not touch the memory of every child. */
  readonly lengths: readonly number[];
}

/** Longest text of a leaf, in units: copied and hashed at every keystroke, so short; a leaf costs 100 bytes, so long. */
export const LEAF_CAPACITY = 512;
/** Two neighbours with the same attributes are longer than this together, or they would be one leaf. */
export const LEAF_MERGE = LEAF_CAPACITY / 2;
/** Leaves of a loaded text: room to type before the first of them has to be cut. */
export const LEAF_FILL = (LEAF_CAPACITY * 3) / 4;
/** Children of a branch; a root may have two. */
export const MOST_CHILDREN = 32;
export const FEWEST_CHILDREN = MOST_CHILDREN / 2;

const UNKNOWN = -1;

export const isLeaf = (tree: Tree): tree is Leaf => tree.height === 0;

/** Whether two neighbours belong into one leaf. */
export function mergeable(left: Leaf, right: Leaf): boolean {
  if (left.length + right.length > LEAF_MERGE) return false;
  if (typeof left.content !== "string" || typeof right.content !== "string") return false;
  return equalJson(left.attributes, right.attributes);
}

/** @param content not empty; text of at most `LEAF_CAPACITY` units */
export function leaf(content: string | Embed, attributes: Attributes | undefined): Leaf {
  if (typeof content === "string") return textLeaf(content, attributes, countNewlines(content));
  return { height: 0, length: 1, newlines: 0, laneA: UNKNOWN, laneB: UNKNOWN, content, attributes };
}

export function textLeaf(content: string, attributes: Attributes | undefined, newlines: number): Leaf {
  return { height: 0, length: content.length, newlines, laneA: UNKNOWN, laneB: UNKNOWN, content, attributes };
}

/** @param children at least two, all of one height */
export function branch(children: readonly Tree[]): Branch {
  const lengths: number[] = [];
  let length = 0;
  let newlines = 0;
  let height = 0;
  for (const child of children) {
    lengths.push(child.length);
    length += child.length;
    newlines += child.newlines;
    height = child.height + 1;
  }
  return { height, length, newlines, laneA: UNKNOWN, laneB: UNKNOWN, children, lengths };
}

/** The branch with another child of the same height at `index`. */
export function withChild(old: Branch, index: number, child: Tree): Branch {
  const before = old.children[index] as Tree;
  const children = old.children.slice();
  const lengths = old.lengths.slice();
  children[index] = child;
  lengths[index] = child.length;
  return {
    height: old.height,
    length: old.length + child.length - before.length,
    newlines: old.newlines + child.newlines - before.newlines,
    laneA: UNKNOWN,
    laneB: UNKNOWN,
    children,
    lengths,
  };
}

/**
 * Checksum of the content; the same for every tree with this content. O(1) when it is known, else O(nodes that were
 * never asked): a keystroke leaves one leaf and the branches above it to do.
 */
export function checksumOf(tree: MaybeTree): Checksum {
  if (tree === undefined) return EMPTY_CHECKSUM;
  hash(tree);
  return packLanes(tree.laneA, tree.laneB);
}

/** Hands `spliced` the hash that follows from that of `old`, where that is known and a hash of text alone. */
export function carryHash(old: Leaf, spliced: Leaf, at: number, removed: number, put: string): void {
  if (old.laneA === UNKNOWN || old.attributes !== undefined || typeof old.content !== "string") return;
  const checksum = hashSplice(packLanes(old.laneA, old.laneB), old.content, at, removed, put);
  spliced.laneA = laneA(checksum);
  spliced.laneB = laneB(checksum);
}

function hash(tree: Tree): void {
  if (tree.laneA !== UNKNOWN) return;
  if (isLeaf(tree)) hashLeaf(tree);
  else hashBranch(tree);
}

function hashLeaf(run: Leaf): void {
  const { content, attributes } = run;
  const checksum = typeof content === "string" ? hashText(content, attributes) : hashEmbed(content, attributes);
  run.laneA = laneA(checksum);
  run.laneB = laneB(checksum);
}

function hashBranch(parent: Branch): void {
  let a = 0;
  let b = 0;
  for (const child of parent.children) {
    hash(child);
    a = joinLaneA(a, child.laneA, child.length);
    b = joinLaneB(b, child.laneB, child.length);
  }
  parent.laneA = a;
  parent.laneB = b;
}
