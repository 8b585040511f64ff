import type { Attributes } from "./attributes.js";
import { OperationError } from "./errors.js";
import type { Embed } from "./operation.js";
import { join, treeOfLevel } from "./tree.js";
import { branch, isLeaf, LEAF_CAPACITY, type Leaf, leaf, type MaybeTree, type Tree } from "./tree-node.js";
import { loneSurrogateAt } from "./unicode.js";

/**
 * A stretch of a document that its versions share: the same object as long as nothing in it changes, so that a `WeakMap`
 * may remember what was computed from it, and whoever stores a version stores only the sections that are new (S4). It
 * holds some 10,000 units; an edit replaces one or two. It never changes; what is in it, `runsOfSection` tells.
 */
export interface Section {
  /** In UTF-16 units. */
  readonly length: number;
}

/** Content with one set of attributes: text of 1 to `LONGEST_SECTION_TEXT` units, or an embed. */
export interface SectionRun {
  readonly content: string | Embed;
  readonly attributes: Attributes | undefined;
}

/** Longest text of one run of a section, in units. */
export const LONGEST_SECTION_TEXT = LEAF_CAPACITY;

/** The runs of a section, from left to right, cut as they are in memory. */
export function runsOfSection(section: Section): readonly SectionRun[] {
  const tree = section as Tree;
  return isLeaf(tree) ? [tree] : (tree.children as readonly Leaf[]);
}

/**
 * A section of trusted runs, for `Document.fromSections`. Law: `sectionOf(runsOfSection(section))` has the same runs.
 * @throws OperationError `malformed` for no runs at all, or text that is empty or too long; `lone_surrogate`
 */
export function sectionOf(runs: readonly SectionRun[]): Section {
  const leaves = runs.map(leafOf);
  const [first] = leaves;
  if (first === undefined) throw new OperationError("malformed", "a section holds something");
  return leaves.length === 1 ? first : branch(leaves);
}

/** The sections of a tree from left to right. */
export function* sectionsOf(tree: MaybeTree): Generator<Section, void, undefined> {
  if (tree === undefined) return;
  if (tree.height <= 1 || isLeaf(tree)) {
    yield tree;
    return;
  }
  for (const child of tree.children) yield* sectionsOf(child);
}

/** A tree that holds these very sections. */
export function treeOfSections(sections: readonly Section[]): MaybeTree {
  const trees = sections as readonly Tree[];
  // The ordinary case: what a tree was cut into. A lone run between others is no level of a tree.
  return trees.every(({ height }) => height === 1) ? treeOfLevel(trees) : trees.reduce<MaybeTree>(join, undefined);
}

function leafOf({ content, attributes }: SectionRun): Leaf {
  if (typeof content !== "string") return leaf(content, attributes);
  if (content === "" || content.length > LEAF_CAPACITY) {
    throw new OperationError("malformed", `a run of a section has 1 to ${LEAF_CAPACITY} units`);
  }
  if (loneSurrogateAt(content) >= 0) throw new OperationError("lone_surrogate", "a run holds half a surrogate pair");
  return leaf(content, attributes);
}
