import type { Attributes } from "./attributes.js";
import { behindNewline, newlinesBefore } from "./lines.js";
import type { Embed } from "./operation.js";
import { isLeaf, type Leaf, type MaybeTree, type Tree } from "./tree-node.js";

/** A stretch of content with one set of attributes, or an embed. */
export interface ContentRun {
  /** Position of its first unit. */
  readonly start: number;
  /** Text, never empty; or an embed, one unit long. */
  readonly content: string | Embed;
  readonly attributes: Attributes | undefined;
}

/** The leaf that covers the unit at `index` (0 to length - 1), and where in it that unit is. O(log n). */
export function leafAt(tree: Tree, index: number): { readonly leaf: Leaf; readonly offset: number } {
  let node = tree;
  let offset = index;
  while (!isLeaf(node)) {
    let at = 0;
    for (; offset >= (node.lengths[at] as number); at += 1) offset -= node.lengths[at] as number;
    node = node.children[at] as Tree;
  }
  return { leaf: node, offset };
}

/**
 * The content of [from, to) from left to right (nothing when that is empty), cut at its ends, in pieces of at most a
 * leaf: neighbours may have equal attributes. O(log n) to the first, O(1) to each next one.
 */
export function* runsOf(tree: MaybeTree, from: number, to: number): Generator<ContentRun, void, undefined> {
  const stack: Tree[] = tree === undefined || from >= to ? [] : [tree];
  let start = 0;
  for (let node = stack.pop(); node !== undefined && start < to; node = stack.pop()) {
    if (start + node.length <= from) {
      start += node.length;
    } else if (isLeaf(node)) {
      yield cutRun(node, start, from, to);
      start += node.length;
    } else {
      for (let at = node.children.length - 1; at >= 0; at -= 1) stack.push(node.children[at] as Tree);
    }
  }
}

/** How many "\n" are in the first `index` units. O(log n). */
export function newlinesUpTo(tree: MaybeTree, index: number): number {
  let node = tree;
  let offset = index;
  let newlines = 0;
  while (node !== undefined && offset < node.length) {
    if (isLeaf(node))
      return typeof node.content === "string" ? newlines + newlinesBefore(node.content, offset) : newlines;
    let at = 0;
    for (; offset >= (node.lengths[at] as number); at += 1) {
      offset -= node.lengths[at] as number;
      newlines += (node.children[at] as Tree).newlines;
    }
    node = node.children[at];
  }
  return newlines + (node?.newlines ?? 0);
}

/** Position behind the `count`-th "\n" of the content, `1 <= count <= tree.newlines`. O(log n). */
export function positionBehindNewline(tree: Tree, count: number): number {
  let node = tree;
  let rest = count;
  let position = 0;
  while (!isLeaf(node)) {
    let child = node.children[0] as Tree;
    for (let at = 1; rest > child.newlines; at += 1) {
      rest -= child.newlines;
      position += child.length;
      child = node.children[at] as Tree;
    }
    node = child;
  }
  // Text: an embed has no "\n" to be behind of.
  return position + behindNewline(node.content as string, rest);
}

function cutRun(run: Leaf, start: number, from: number, to: number): ContentRun {
  const { content, attributes } = run;
  const first = Math.max(0, from - start);
  if (typeof content !== "string" || (first === 0 && to - start >= run.length)) return { start, content, attributes };
  return { start: start + first, content: content.slice(first, to - start), attributes };
}
