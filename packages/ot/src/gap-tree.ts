/**
 * A persistent AVL tree of items with positions, in order. A node keeps not the position of its item but the gap to the
 * item in front of it; so moving everything behind a place changes one gap: O(log n) new nodes (join-based, as the tree
 * of the document; Blelloch, Ferizovic & Sun 2016).
 */
export interface GapNode<Item> {
  readonly left: GapTree<Item>;
  readonly right: GapTree<Item>;
  readonly item: Item;
  /** From the item in front of this one (or from 0) to this one. */
  readonly gap: number;
  /** Sum of all gaps in here: the position of the last item, counted from the item in front of the first. */
  readonly width: number;
  readonly height: number;
  readonly count: number;
}
export type GapTree<Item> = GapNode<Item> | undefined;

export interface Placed<Item> {
  readonly position: number;
  readonly item: Item;
}

const heightOf = <Item>(tree: GapTree<Item>): number => (tree === undefined ? 0 : tree.height);
export const widthOf = <Item>(tree: GapTree<Item>): number => (tree === undefined ? 0 : tree.width);
export const countOf = <Item>(tree: GapTree<Item>): number => (tree === undefined ? 0 : tree.count);

/** A tree of items in ascending order of position: O(n). */
export function gapTreeOf<Item>(items: readonly Placed<Item>[]): GapTree<Item> {
  const build = (from: number, to: number): GapTree<Item> => {
    if (from >= to) return undefined;
    const middle = (from + to) >>> 1;
    const { item, position } = items[middle] as Placed<Item>;
    const before = middle === 0 ? 0 : (items[middle - 1] as Placed<Item>).position;
    return node(build(from, middle), item, position - before, build(middle + 1, to));
  };
  return build(0, items.length);
}

/** Adds an item behind all that are at its position or in front of it: O(log n). */
export function insertItem<Item>(tree: GapTree<Item>, position: number, item: Item): GapTree<Item> {
  const [front, back] = splitAfter(tree, position);
  const gap = position - widthOf(front);
  return joinAround(front, item, gap, moveFirst(back, -gap));
}

/** Moves every item behind `position` by `distance` (also those at it, when `inclusive`): O(log n). */
export function shiftItems<Item>(
  tree: GapTree<Item>,
  position: number,
  distance: number,
  inclusive: boolean,
): GapTree<Item> {
  const isBehind = (place: number): boolean => (inclusive ? place >= position : place > position);
  // The last item of `part` is behind the position.
  const shift = (part: GapNode<Item>, base: number): GapNode<Item> => {
    const { left, right, item, gap } = part;
    if (left !== undefined && isBehind(base + left.width)) return node(shift(left, base), item, gap, right);
    const place = base + widthOf(left) + gap;
    if (right === undefined || isBehind(place)) return node(left, item, gap + distance, right);
    return node(left, item, gap, shift(right, place));
  };
  return tree !== undefined && isBehind(tree.width) ? shift(tree, 0) : tree;
}

/**
 * Takes the stretch (position, position + length] away: items in it go to `position`, those behind come closer.
 * O(log n + items in it).
 * @param touched is told each item in it, and where it was
 */
export function collapseItems<Item>(
  tree: GapTree<Item>,
  position: number,
  length: number,
  touched: (item: Item, position: number) => void,
): GapTree<Item> {
  if (tree === undefined || tree.width <= position) return tree;
  const [front, rest] = splitAfter(tree, position);
  const before = widthOf(front);
  const [inside, back] = splitAfter(rest, position + length - before);
  if (inside === undefined) return join(front, moveFirst(back, -length));
  for (const { item, position: place } of itemsOf(inside, before)) touched(item, place);
  const flat = moveFirst(flatten(inside), position - before);
  // The first item behind was counted from the last one inside, which has moved.
  return join(join(front, flat), moveFirst(back, before + inside.width - length - position));
}

/** The items in [from, to], with `base` added to positions: O(log n + found). */
export function* itemsOf<Item>(
  tree: GapTree<Item>,
  base = 0,
  from = Number.NEGATIVE_INFINITY,
  to = Number.POSITIVE_INFINITY,
): Generator<Placed<Item>, void, undefined> {
  if (tree === undefined || base + tree.width < from || base > to) return;
  const { left, right, item } = tree;
  const position = base + widthOf(left) + tree.gap;
  yield* itemsOf(left, base, from, to);
  if (position >= from && position <= to) yield { position, item };
  yield* itemsOf(right, position, from, to);
}

/** All items up to and at the position, and the others, whose first gap is counted from the last of the former. */
function splitAfter<Item>(tree: GapTree<Item>, position: number): readonly [GapTree<Item>, GapTree<Item>] {
  if (tree === undefined) return [undefined, undefined];
  const { left, right, item, gap } = tree;
  const place = widthOf(left) + gap;
  if (place <= position) {
    const [front, back] = splitAfter(right, position - place);
    return [joinAround(left, item, gap, front), back];
  }
  const [front, back] = splitAfter(left, position);
  return [front, joinAround(back, item, gap, right)];
}

function moveFirst<Item>(tree: GapTree<Item>, distance: number): GapTree<Item> {
  if (tree === undefined || distance === 0) return tree;
  const { left, right, item, gap } = tree;
  return left === undefined
    ? node(left, item, gap + distance, right)
    : node(moveFirst(left, distance), item, gap, right);
}

/** All items at one place. */
function flatten<Item>(tree: GapTree<Item>): GapTree<Item> {
  if (tree === undefined || tree.width === 0) return tree;
  return node(flatten(tree.left), tree.item, 0, flatten(tree.right));
}

function node<Item>(left: GapTree<Item>, item: Item, gap: number, right: GapTree<Item>): GapNode<Item> {
  return {
    left,
    right,
    item,
    gap,
    width: widthOf(left) + gap + widthOf(right),
    height: Math.max(heightOf(left), heightOf(right)) + 1,
    count: countOf(left) + countOf(right) + 1,
  };
}

function join<Item>(left: GapTree<Item>, right: GapTree<Item>): GapTree<Item> {
  if (left === undefined) return right;
  if (right === undefined) return left;
  const [rest, first] = takeFirst(right);
  return joinAround(left, first.item, first.gap, rest);
}

/** The tree without its first item, and that item. The gap behind it stays as it is: it is counted from it. */
function takeFirst<Item>(tree: GapNode<Item>): readonly [GapTree<Item>, GapNode<Item>] {
  if (tree.left === undefined) return [tree.right, tree];
  const [rest, first] = takeFirst(tree.left);
  return [joinAround(rest, tree.item, tree.gap, tree.right), first];
}

/** Two trees of any heights with an item between them: O(difference of the heights). */
function joinAround<Item>(left: GapTree<Item>, item: Item, gap: number, right: GapTree<Item>): GapNode<Item> {
  if (left !== undefined && left.height > heightOf(right) + 1) {
    return balanced(left.left, left.item, left.gap, joinAround(left.right, item, gap, right));
  }
  if (right !== undefined && right.height > heightOf(left) + 1) {
    return balanced(joinAround(left, item, gap, right.left), right.item, right.gap, right.right);
  }
  return node(left, item, gap, right);
}

/** As `node`, for heights that differ by two at most. */
function balanced<Item>(left: GapTree<Item>, item: Item, gap: number, right: GapTree<Item>): GapNode<Item> {
  if (left !== undefined && left.height > heightOf(right) + 1) {
    const inner = left.right;
    if (inner === undefined || heightOf(left.left) >= inner.height) {
      return node(left.left, left.item, left.gap, node(inner, item, gap, right));
    }
    const front = node(left.left, left.item, left.gap, inner.left);
    return node(front, inner.item, inner.gap, node(inner.right, item, gap, right));
  }
  if (right !== undefined && right.height > heightOf(left) + 1) {
    const inner = right.left;
    if (inner === undefined || heightOf(right.right) >= inner.height) {
      return node(node(left, item, gap, inner), right.item, right.gap, right.right);
    }
    const back = node(inner.right, right.item, right.gap, right.right);
    return node(node(left, item, gap, inner.left), inner.item, inner.gap, back);
  }
  return node(left, item, gap, right);
}
