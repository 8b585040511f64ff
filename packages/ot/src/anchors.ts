import {
  collapseItems,
  countOf,
  type GapTree,
  gapTreeOf,
  insertItem,
  itemsOf,
  type Placed,
  shiftItems,
} from "./gap-tree.js";
import { normalForm } from "./normal-form.js";
import { componentLength, isDelete, isInsert, type Operation } from "./operation.js";
import type { Bias } from "./position.js";

/** A place in the text that is kept over operations. Positions count UTF-16 units from 0. */
export interface Anchor {
  readonly id: string;
  readonly position: number;
  /** As in `transformPosition`; default "right". */
  readonly bias?: Bias;
}

/** A stretch of text, [start, end), that is kept over operations: a comment, a selection. */
export interface AnchoredRange {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  /**
   * "shrink" (default): text inserted at an edge is outside, and a range whose text is all deleted is empty.
   * "grow": text inserted at an edge is inside.
   */
  readonly edges?: "shrink" | "grow";
}

/** One end of a range, or an anchor itself. */
interface Edge {
  readonly of: string;
  readonly side: "start" | "end" | "at";
}
/** Where the edges of one id are. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/**
 * Many anchors and ranges, kept over operations in bulk (E6). An immutable value; old ones stay valid and share nearly all.
 *
 * Law: `apply(op)` puts every anchor where `transformPosition(op, position, bias)` puts it, and both edges of a range
 * likewise ("shrink": start with bias "right", end "left"; "grow": the other way round).
 *
 * Edges of each bias are in a tree of their own, since the order of such edges never changes; in it an edge is known by
 * its distance to the one in front of it, so that an insert changes one number. O(components · log n + edges in deleted text).
 */
export class AnchorSet {
  static readonly empty = new AnchorSet(undefined, undefined);
  readonly #left: GapTree<Edge>;
  readonly #right: GapTree<Edge>;
  #places: ReadonlyMap<string, Place> | undefined;

  private constructor(left: GapTree<Edge>, right: GapTree<Edge>) {
    this.#left = left;
    this.#right = right;
  }

  /** Many at once: O(n log n). Ids are the caller's business: each may be there once. */
  static of(entries: Iterable<Anchor | AnchoredRange>): AnchorSet {
    const edges: Record<Bias, Placed<Edge>[]> = { left: [], right: [] };
    for (const entry of entries) {
      for (const { bias, ...placed } of edgesOf(entry)) edges[bias].push(placed);
    }
    const tree = (list: Placed<Edge>[]): GapTree<Edge> => gapTreeOf(list.sort((a, b) => a.position - b.position));
    return new AnchorSet(tree(edges.left), tree(edges.right));
  }

  /** Edges in here: one for an anchor, two for a range. */
  get edges(): number {
    return countOf(this.#left) + countOf(this.#right);
  }

  /** With one more: O(log n). */
  add(entry: Anchor | AnchoredRange): AnchorSet {
    let [left, right] = [this.#left, this.#right];
    for (const { bias, position, item } of edgesOf(entry)) {
      if (bias === "left") left = insertItem(left, position, item);
      else right = insertItem(right, position, item);
    }
    return new AnchorSet(left, right);
  }

  /** Without some: O(n). */
  remove(ids: ReadonlySet<string>): AnchorSet {
    const rest = (tree: GapTree<Edge>): GapTree<Edge> =>
      gapTreeOf([...itemsOf(tree)].filter(({ item }) => !ids.has(item.of)));
    return new AnchorSet(rest(this.#left), rest(this.#right));
  }

  /**
   * All of them after an operation.
   * @returns also the ranges that lost the last of their text by it (each is told once, and stays in the set)
   * @throws OperationError `malformed` for what is no list of components
   */
  apply(operation: Operation): { readonly anchors: AnchorSet; readonly orphaned: readonly string[] } {
    let [left, right] = [this.#left, this.#right];
    const orphaned: string[] = [];
    let position = 0;
    for (const part of normalForm(operation)) {
      const length = componentLength(part);
      if (isInsert(part)) {
        left = shiftItems(left, position, length, false);
        right = shiftItems(right, position, length, true);
      } else if (isDelete(part)) {
        const lost = new Emptied(position);
        const [oldLeft, oldRight] = [left, right];
        left = collapseItems(left, position, length, lost.note);
        right = collapseItems(right, position, length, lost.note);
        orphaned.push(...lost.ranges(() => [...at(oldLeft, position), ...at(oldRight, position)]));
      }
      if (!isDelete(part)) position += length;
    }
    const moved = left !== this.#left || right !== this.#right;
    return { anchors: moved ? new AnchorSet(left, right) : this, orphaned };
  }

  /** Where an anchor (start = end) or a range is; undefined when it is not in here. O(n) once for each set, then O(1). */
  get(id: string): Place | undefined {
    this.#places ??= new Map(this.#all());
    return this.#places.get(id);
  }

  /** The ids of all that have an edge in [from, to]: O(log n + found). */
  between(from: number, to: number): ReadonlySet<string> {
    const found = new Set<string>();
    for (const tree of [this.#left, this.#right]) {
      for (const { item } of itemsOf(tree, 0, from, to)) found.add(item.of);
    }
    return found;
  }

  *#all(): Generator<readonly [string, Place], void, undefined> {
    const starts = new Map<string, number>();
    const ends = new Map<string, number>();
    for (const tree of [this.#left, this.#right]) {
      for (const { position, item } of itemsOf(tree)) {
        if (item.side !== "end") starts.set(item.of, position);
        if (item.side !== "start") ends.set(item.of, position);
      }
    }
    for (const [id, end] of ends) {
      // Text inserted where an empty range is parts its edges the wrong way round: it stays in front of the text.
      yield [id, { start: Math.min(starts.get(id) as number, end), end }];
    }
  }
}

const at = (tree: GapTree<Edge>, position: number) => itemsOf(tree, 0, position, position);

function edgesOf(entry: Anchor | AnchoredRange): readonly (Placed<Edge> & { readonly bias: Bias })[] {
  if ("position" in entry) {
    return [{ bias: entry.bias ?? "right", position: entry.position, item: { of: entry.id, side: "at" } }];
  }
  const [first, last]: readonly Bias[] = entry.edges === "grow" ? ["left", "right"] : ["right", "left"];
  return [
    { bias: first as Bias, position: entry.start, item: { of: entry.id, side: "start" } },
    { bias: last as Bias, position: entry.end, item: { of: entry.id, side: "end" } },
  ];
}

/** Finds the ranges that one deletion leaves empty: those with both edges in it, or the start right in front of it. */
class Emptied {
  readonly #position: number;
  readonly #starts = new Map<string, number>();
  readonly #ends = new Map<string, number>();

  constructor(position: number) {
    this.#position = position;
  }

  readonly note = ({ of, side }: Edge, position: number): void => {
    if (side === "start") this.#starts.set(of, position);
    if (side === "end") this.#ends.set(of, position);
  };

  ranges(inFront: () => Iterable<Placed<Edge>>): readonly string[] {
    const open = [...this.#ends.keys()].some((id) => !this.#starts.has(id));
    if (open) for (const { item } of inFront()) this.note(item, this.#position);
    return [...this.#ends].filter(([id, end]) => (this.#starts.get(id) ?? end) < end).map(([id]) => id);
  }
}
