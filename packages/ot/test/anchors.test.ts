import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type GapTree, gapTreeOf, insertItem, itemsOf } from "../src/gap-tree.js";
import {
  type Anchor,
  type AnchoredRange,
  AnchorSet,
  type Bias,
  type Operation,
  transformPosition,
} from "../src/index.js";
import { consecutive, holds } from "./generators.js";

const biases = fc.constantFrom("left", "right") as fc.Arbitrary<Bias>;
const points = fc.array(fc.tuple(fc.nat(30), fc.nat(10), biases, fc.boolean()), { maxLength: 30 });

type Entry = Anchor | AnchoredRange;

function entriesOf(wishes: readonly (readonly [number, number, Bias, boolean])[], length: number): readonly Entry[] {
  return wishes.map(([from, more, bias, isRange], index): Entry => {
    const position = Math.min(from, length);
    const id = `${index}`;
    if (!isRange) return { id, position, bias };
    const edges = bias === "left" ? "grow" : "shrink";
    return { id, start: position, end: Math.min(position + more, length), edges };
  });
}

/** One by one, by the function that each of them must agree with. */
function move(entry: Entry, operation: Operation): Entry {
  if ("position" in entry) return { ...entry, position: transformPosition(operation, entry.position, entry.bias) };
  const [first, last]: readonly Bias[] = entry.edges === "grow" ? ["left", "right"] : ["right", "left"];
  return {
    ...entry,
    start: transformPosition(operation, entry.start, first),
    end: transformPosition(operation, entry.end, last),
  };
}

const placeOf = (entry: Entry) =>
  "position" in entry
    ? { start: entry.position, end: entry.position }
    : { start: Math.min(entry.start, entry.end), end: entry.end };

const isOrphan = (before: Entry, after: Entry): boolean =>
  "start" in before && "start" in after && before.start < before.end && after.start >= after.end;

describe("AnchorSet", () => {
  it("puts every edge where transformPosition puts it, and tells each range that lost all its text once", () => {
    holds(
      fc.tuple(consecutive(4), points, fc.boolean()),
      ([{ base, operations }, wishes, atOnce]) => {
        let entries = entriesOf(wishes, base.length);
        let anchors = atOnce ? AnchorSet.of(entries) : entries.reduce((set, entry) => set.add(entry), AnchorSet.empty);
        for (const operation of operations) {
          const moved = entries.map((entry) => move(entry, operation));
          const { anchors: next, orphaned } = anchors.apply(operation);
          const expected = entries.filter((entry, index) => isOrphan(entry, moved[index] as Entry));
          expect([...orphaned].sort()).toEqual(expected.map(({ id }) => id).sort());
          for (const entry of moved) expect([entry.id, next.get(entry.id)]).toEqual([entry.id, placeOf(entry)]);
          // The old set is a value: it stays as it was.
          for (const entry of entries) expect(anchors.get(entry.id)).toEqual(placeOf(entry));
          [entries, anchors] = [moved, next];
        }
      },
      2,
    );
  });

  it("finds what is near, and forgets what is removed", () => {
    holds(fc.tuple(points, fc.nat(30), fc.nat(10)), ([wishes, from, more]) => {
      const entries = entriesOf(wishes, 40);
      const anchors = AnchorSet.of(entries);
      const touches = (entry: Entry): boolean => {
        const edges = "position" in entry ? [entry.position] : [entry.start, entry.end];
        return edges.some((edge) => edge >= from && edge <= from + more);
      };
      expect([...anchors.between(from, from + more)].sort()).toEqual(
        entries
          .filter(touches)
          .map(({ id }) => id)
          .sort(),
      );
      const rest = anchors.remove(new Set(["0", "1", "nobody"]));
      for (const entry of entries) {
        const gone = entry.id === "0" || entry.id === "1";
        expect(rest.get(entry.id)).toEqual(gone ? undefined : placeOf(entry));
      }
      expect(rest.edges).toBe(entries.slice(2).reduce((sum, entry) => sum + ("position" in entry ? 1 : 2), 0));
    });
  });

  it("keeps an empty range where it was when text comes there", () => {
    const { anchors, orphaned } = AnchorSet.of([{ id: "comment", start: 2, end: 4 }]).apply([
      { retain: 1 },
      { delete: 4 },
    ]);
    expect([orphaned, anchors.get("comment")]).toEqual([["comment"], { start: 1, end: 1 }]);
    const typed = anchors.apply([{ retain: 1 }, { insert: "abc" }]);
    expect([typed.orphaned, typed.anchors.get("comment")]).toEqual([[], { start: 1, end: 1 }]);
  });

  it("does not call a range orphaned whose text was replaced, when it grows", () => {
    const range = { id: "comment", start: 2, end: 4, edges: "grow" as const };
    const { anchors, orphaned } = AnchorSet.of([range]).apply([{ retain: 2 }, { insert: "x" }, { delete: 2 }]);
    expect([orphaned, anchors.get("comment")]).toEqual([[], { start: 2, end: 3 }]);
  });

  it("is itself again where an operation moves nothing", () => {
    const anchors = AnchorSet.of([{ id: "a", position: 3 }]);
    expect(anchors.apply([{ retain: 4 }, { insert: "x" }, { retain: 1 }, { delete: 2 }]).anchors).toBe(anchors);
  });

  it("touches a few nodes of 10,000 anchors for one operation", () => {
    const entries = Array.from({ length: 10_000 }, (_, index): Anchor => ({ id: `${index}`, position: index * 10 }));
    const anchors = AnchorSet.of(entries);
    const operation: Operation = [{ retain: 50_000 }, { insert: "x" }, { retain: 20 }, { delete: 30 }];
    const { anchors: moved } = anchors.apply(operation);
    for (const id of [0, 4_999, 5_000, 5_002, 5_003, 5_005, 9_999]) {
      expect(moved.get(`${id}`)?.start).toBe(transformPosition(operation, id * 10));
    }
  });
});

describe("the tree of gaps", () => {
  const heightOf = (tree: GapTree<number>): number => {
    if (tree === undefined) return 0;
    const [left, right] = [heightOf(tree.left), heightOf(tree.right)];
    expect(Math.abs(left - right)).toBeLessThanOrEqual(1);
    expect(tree.height).toBe(Math.max(left, right) + 1);
    return tree.height;
  };

  it("stays balanced and in order whatever comes in whatever order", () => {
    holds(
      fc.array(fc.nat(100), { maxLength: 80 }),
      (positions) => {
        let tree: GapTree<number>;
        for (const [index, position] of positions.entries()) tree = insertItem(tree, position, index);
        heightOf(tree);
        const expected = positions.map((position, item) => ({ position, item }));
        expected.sort((a, b) => a.position - b.position);
        expect([...itemsOf(tree)]).toEqual(expected);
        expect([...itemsOf(gapTreeOf(expected))]).toEqual(expected);
      },
      0.5,
    );
  });

  it("shares all but O(log n) nodes with the tree before", () => {
    const tree = gapTreeOf(Array.from({ length: 10_000 }, (_, item) => ({ position: item, item })));
    const known = new Set<GapTree<number>>();
    const collect = (node: GapTree<number>): void => {
      if (node === undefined) return;
      known.add(node);
      collect(node.left);
      collect(node.right);
    };
    collect(tree);
    let fresh = 0;
    const count = (node: GapTree<number>): void => {
      if (node === undefined || known.has(node)) return;
      fresh += 1;
      count(node.left);
      count(node.right);
    };
    count(insertItem(tree, 5_000, -1));
    expect(fresh).toBeLessThan(60);
  });
});
