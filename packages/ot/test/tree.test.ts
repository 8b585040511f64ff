import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashText, joinHashes } from "../src/checksum.js";
import { Document, OperationBuilder } from "../src/index.js";
import { format, isLeaf, join, leaves, type MaybeTree, split, type Tree, treeOf } from "../src/tree.js";
import { loneSurrogateAt } from "../src/unicode.js";
import { consecutive, documents, holds, steps, text, walk } from "./generators.js";

/** Every promise of the tree: balance, cached height, length and hash, no empty and no needlessly small leaf. */
function check(tree: MaybeTree): void {
  if (tree === undefined) return;
  checkNode(tree);
  const runs = [...leaves(tree)];
  for (const [index, run] of runs.entries()) {
    const next = runs[index + 1];
    expect(run.length).toBeGreaterThan(0);
    expect(run.length).toBeLessThanOrEqual(typeof run.content === "string" ? 256 : 1);
    if (next === undefined || typeof run.content !== "string" || typeof next.content !== "string") continue;
    if (JSON.stringify(run.attributes) === JSON.stringify(next.attributes)) {
      expect(run.length + next.length).toBeGreaterThan(256);
    }
  }
}

function checkNode(tree: Tree): void {
  if (isLeaf(tree)) return;
  const { left, right } = tree;
  expect(Math.abs(left.height - right.height)).toBeLessThanOrEqual(1);
  expect(tree.height).toBe(Math.max(left.height, right.height) + 1);
  expect(tree.length).toBe(left.length + right.length);
  expect(tree.hash).toEqual(joinHashes(left.hash, right.hash));
  checkNode(left);
  checkNode(right);
}

const read = (tree: MaybeTree): string => [...leaves(tree)].map((run) => run.content as string).join("");
const lettersOf = (length: number): string =>
  Array.from({ length }, (_, at) => String.fromCharCode(97 + (at % 23))).join("");

/** Runs of many lengths, some formatted, so that trees have every shape. */
const pieces = fc.array(fc.tuple(fc.nat(700), fc.boolean()), { maxLength: 40 });
const build = (runs: readonly (readonly [number, boolean])[]): MaybeTree =>
  runs.reduce<MaybeTree>(
    (tree, [length, bold]) => join(tree, treeOf(lettersOf(length), bold ? { bold: true } : undefined)),
    undefined,
  );

describe("the tree of runs", () => {
  it("stays balanced however it is joined, split and formatted", () => {
    holds(
      fc.tuple(pieces, pieces, fc.nat(10_000)),
      ([one, two, wish]) => {
        const whole = join(build(one), build(two));
        check(whole);
        const at = Math.min(wish, whole?.length ?? 0);
        const [before, after] = split(whole, at);
        check(join(undefined, join(after, before)));
        check(join(before, after));
        check(format(whole, { bold: true }));
        expect(read(join(before, after))).toBe(read(whole));
        expect(join(before, after)?.hash).toEqual(whole?.hash);
      },
      0.15,
    );
  });

  it("stays balanced when it grows at one end, letter by letter", () => {
    let tree: MaybeTree;
    // Different attributes keep every letter in a leaf of its own.
    for (let count = 0; count < 3_000; count += 1) tree = join(tree, treeOf("x", { n: count }));
    check(tree);
    expect(tree?.height).toBeLessThanOrEqual(17);
    for (let count = 0; count < 3_000; count += 1) tree = join(treeOf("y", { n: count }), tree);
    check(tree);
  });

  it("stays balanced under random edits of a document", () => {
    holds(consecutive(6), ({ base, operations }) => {
      let tree: MaybeTree;
      let document = base;
      for (const operation of operations) document = document.apply(operation);
      for (const part of document.toDelta()) {
        if ("insert" in part) tree = join(tree, treeOf(part.insert, part.attributes));
      }
      check(tree);
      expect(tree?.length ?? 0).toBe(document.length);
    });
  });

  it("does not crumble when all but the start of every leaf is deleted", () => {
    // Found by the property above: what a cut left over was never merged with its other neighbour.
    let document = Document.fromDelta([{ insert: lettersOf(256 * 40) }]);
    for (let leaf = 0; leaf < 39; leaf += 1) document = document.apply([{ retain: leaf * 6 + 6 }, { delete: 250 }]);
    expect(document.length).toBe(256 * 40 - 39 * 250);
    let tree = treeOf(lettersOf(256 * 40), undefined);
    for (let leaf = 0; leaf < 39; leaf += 1) {
      const [before, rest] = split(tree, leaf * 6 + 6);
      tree = join(before, split(rest, 250)[1]);
      check(tree);
    }
    expect(tree?.hash).toEqual(treeOf(document.text(), undefined)?.hash);
  });

  it("shares what formatting does not change", () => {
    const tree = build([
      [600, true],
      [300, true],
    ]);
    expect(format(tree, { bold: true })).toBe(tree);
  });

  it("never cuts a surrogate pair between two leaves", () => {
    // Found in review: a pair across unit 256 of a text of 257 units made treeOf call itself for ever.
    for (let before = 0; before < 600; before += 1) {
      const content = `${"x".repeat(before)}${"😀".repeat(3)}`;
      const tree = treeOf(content, undefined);
      check(tree);
      expect(read(tree)).toBe(content);
      for (const run of leaves(tree)) expect(loneSurrogateAt(run.content as string)).toBe(-1);
    }
    holds(fc.array(text, { maxLength: 300 }), (parts) => check(treeOf(parts.join(""), undefined)), 0.2);
  });
});

describe("a large document", () => {
  it("takes 100,000 components in one operation, and a million edits' worth of depth without recursion", () => {
    const base = Document.fromDelta([{ insert: "ab".repeat(100_000) }]);
    const builder = new OperationBuilder();
    for (let count = 0; count < 50_000; count += 1) builder.retain(1).insert("x").delete(1).retain(2);
    const operation = builder.build();
    expect(operation.length).toBeGreaterThan(100_000);
    expect(base.apply(operation).length).toBe(base.length);
  });

  it("keeps old versions as they were", () => {
    holds(fc.tuple(documents, steps, steps), ([base, one, two]) => {
      const [before, checksum] = [base.toDelta(), base.checksum];
      base.apply(walk(base, one));
      base.apply(walk(base, two));
      expect(base.toDelta()).toEqual(before);
      expect(base.checksum).toBe(checksum);
    });
  });
});

describe("hashes", () => {
  it("join like the texts do", () => {
    holds(fc.tuple(text, text, text), ([a, b, c]) => {
      const [x, y, z] = [a, b, c].map((part) => hashText(part, undefined)) as [
        ReturnType<typeof hashText>,
        ReturnType<typeof hashText>,
        ReturnType<typeof hashText>,
      ];
      expect(joinHashes(joinHashes(x, y), z)).toEqual(hashText(a + b + c, undefined));
      expect(joinHashes(x, joinHashes(y, z))).toEqual(hashText(a + b + c, undefined));
    });
  });
});
